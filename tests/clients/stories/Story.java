import java.util.HashSet;
import java.util.Set;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.CaseworkApi;
import org.openapitools.client.api.ComplaintsApi;
import org.openapitools.client.api.EntranceApi;
import org.openapitools.client.model.*;

/** A shop's first afternoon, by the client that openapi-generator makes for Java. */
public class Story {
    interface Call {
        void make() throws ApiException;
    }

    public static void main(String[] arguments) throws Exception {
        ComplaintsApi shop = new ComplaintsApi(as(System.getenv("REDRESS_TOKEN")));
        String id = null;
        for (int n = 1; n <= 3; n++) {
            Receipt receipt = shop.fileComplaint(filing(complaint(n), "java-" + n));
            is(receipt.getStage() == Stage.RECEIVED, "received");
            id = receipt.getComplaintId();
        }

        PublicView read = shop.showComplaint(one(id)).getPublicView();
        is(read.getCategory() == Category.PRODUCT_QUALITY, "category");
        is(read.getDeadline() != null && read.getDeadline().getDueAt() != null, "deadline");

        pageThrough(shop);
        SignInBody credentials = new SignInBody().username("cs.lin").password("Redress-local-1");
        ApiClient staff = as(
            new EntranceApi(as(""))
                .signIn(EntranceApi.APISignInRequest.newBuilder().signInBody(credentials).build())
                .getAccessToken());
        ComplaintsApi lin = new ComplaintsApi(staff);
        beLate(lin, new CaseworkApi(staff), id);
        ApiException wrong = refused(422, () -> shop.fileComplaint(filing(complaint(4, "1"), null)));
        Problem problem = ApiClient.createDefaultObjectMapper().readValue(wrong.getResponseBody(), Problem.class);
        is(problem.getErrors().get(0).getField().equals("contact.phone"), "field");
        var whole = ComplaintsApi.APIShowTimelineRequest.newBuilder().complaintId(id).build();
        is(!lin.showTimeline(whole).getTimelinePage().getItems().isEmpty(), "timeline");
    }

    /** Its own list, newest first. */
    static void pageThrough(ComplaintsApi shop) throws Exception {
        Set<String> met = new HashSet<>();
        String cursor = null;
        for (int n = 1; n <= 3; n++) {
            var asked = ComplaintsApi.APIListComplaintsRequest.newBuilder().limit(1).cursor(cursor).build();
            ComplaintPage page = shop.listComplaints(asked);
            page.getItems().forEach(one -> met.add(one.getStorefrontView().getComplaintId()));
            cursor = page.getNextCursor();
        }
        is(met.size() == 3, "three pages");
    }

    /** What was read goes stale. */
    static void beLate(ComplaintsApi lin, CaseworkApi work, String id) throws Exception {
        var whole = lin.showComplaintWithHttpInfo(one(id));
        String seen = whole.getHeaders().get("etag").get(0);
        is(whole.getData().getStaffView().getComplaintId().equals(id), "staff's view");
        StaffView taken = work.acknowledge(
            CaseworkApi.APIAcknowledgeRequest.newBuilder()
                .complaintId(id)
                .ifMatch(seen)
                .acknowledgement(new Acknowledgement().message("已受理，我们马上调查。"))
                .build());
        is(taken.getStage() == Stage.INVESTIGATING, "investigating");
        var asked = CaseworkApi.APIAssignRequest.newBuilder()
            .complaintId(id)
            .ifMatch(seen)
            .assignment(new Assignment().assignee("cs.chen"))
            .build();
        refused(412, () -> work.assign(asked));
    }

    static ComplaintsApi.APIFileComplaintRequest filing(ComplaintBody body, String key) {
        return ComplaintsApi.APIFileComplaintRequest.newBuilder().complaintBody(body).idempotencyKey(key).build();
    }

    static ComplaintsApi.APIShowComplaintRequest one(String id) {
        return ComplaintsApi.APIShowComplaintRequest.newBuilder().complaintId(id).build();
    }

    static ApiClient as(String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(System.getenv("REDRESS_API"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return client;
    }

    static ComplaintBody complaint(int n) {
        return complaint(n, "13800138000");
    }

    static ComplaintBody complaint(int n, String phone) {
        return new ComplaintBody()
            .orderNumber("JAVA-" + n)
            .productName("电热水壶 1.7L")
            .description("收到就是裂的，倒水会漏。")
            .contact(new ContactBody().name("王芳").phone(phone))
            .channel(Channel.WEB)
            .category(Category.PRODUCT_QUALITY);
    }

    static ApiException refused(int status, Call call) {
        try {
            call.make();
        } catch (ApiException refusal) {
            is(refusal.getCode() == status, "refused by " + status + ", not " + refusal.getCode());
            return refusal;
        }
        throw new AssertionError("not refused by " + status);
    }

    static void is(boolean holds, String why) {
        if (!holds) throw new AssertionError(why);
    }
}
