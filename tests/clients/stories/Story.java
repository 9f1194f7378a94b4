import java.util.HashSet;
import java.util.Set;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DefaultApi;
import org.openapitools.client.model.*;

/** A shop's first afternoon, by the client that openapi-generator makes for Java. */
public class Story {
    interface Call {
        void make() throws ApiException;
    }

    public static void main(String[] arguments) throws Exception {
        DefaultApi shop = as(System.getenv("REDRESS_TOKEN"));
        String id = null;
        for (int n = 1; n <= 3; n++) {
            Receipt receipt = shop.fileComplaint(complaint(n), "java-" + n);
            is(receipt.getStage() == Stage.RECEIVED, "received");
            id = receipt.getComplaintId();
        }

        PublicView read = shop.showComplaint(id).getPublicView();
        is(read.getCategory() == Category.PRODUCT_QUALITY, "category");
        is(read.getDeadline() != null && read.getDeadline().getDueAt() != null, "deadline");

        SignInBody credentials = new SignInBody().username("cs.lin").password("Redress-local-1");
        DefaultApi lin = as(shop.signIn(credentials).getAccessToken());
        Set<String> met = new HashSet<>();
        String cursor = null;
        for (int n = 1; n <= 3; n++) {
            SummaryPage page = lin.listComplaints(null, null, null, null, null, null, null, 1, cursor);
            page.getItems().forEach(one -> met.add(one.getComplaintId()));
            cursor = page.getNextCursor();
        }
        is(met.size() == 3, "three pages");

        beLate(lin, id);
        ApiException wrong = refused(422, () -> shop.fileComplaint(complaint(4, "1"), null));
        Problem problem = ApiClient.createDefaultObjectMapper().readValue(wrong.getResponseBody(), Problem.class);
        is(problem.getErrors().get(0).getField().equals("contact.phone"), "field");
        is(!lin.showTimeline(id, null, null).getItems().isEmpty(), "timeline");
    }

    /** What was read goes stale. */
    static void beLate(DefaultApi lin, String id) throws Exception {
        var whole = lin.showComplaintWithHttpInfo(id);
        String seen = whole.getHeaders().get("etag").get(0);
        is(whole.getData().getStaffView().getComplaintId().equals(id), "staff's view");
        StaffView taken = lin.acknowledge(id, null, seen, new Acknowledgement().message("已受理，我们马上调查。"));
        is(taken.getStage() == Stage.INVESTIGATING, "investigating");
        refused(412, () -> lin.assign(id, new Assignment().assignee("cs.chen"), null, seen));
    }

    static DefaultApi as(String token) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(System.getenv("REDRESS_API"));
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return new DefaultApi(client);
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
