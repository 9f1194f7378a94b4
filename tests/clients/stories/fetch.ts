// A shop's first afternoon, by the client that openapi-generator makes for fetch.
import {
  CaseworkApi,
  ComplaintsApi,
  Configuration,
  EntranceApi,
  ProblemFromJSON,
  ResponseError,
  type ComplaintBody,
  type Problem,
} from "./index.js";

declare const process: { env: Record<string, string | undefined> };
const basePath = process.env.REDRESS_API ?? "";

function as(token: string): Configuration {
  // not by accessToken, which is sent bare where OAuth is allowed
  return new Configuration({ basePath, headers: { Authorization: `Bearer ${token}` } });
}

function is<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`missing: ${why}`);
  return value;
}

function same<T>(found: T, expected: T, why: string): void {
  if (found !== expected) throw new Error(`${why}: ${String(found)} instead of ${String(expected)}`);
}

async function refused(status: number, call: Promise<unknown>): Promise<Problem> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    same(error.response.status, status, "refusal");
    return ProblemFromJSON(await error.response.json());
  }
  throw new Error(`not refused by ${status}`);
}

function complaint(n: number): ComplaintBody {
  return {
    orderNumber: `TS-FETCH-${n}`,
    productName: "电热水壶 1.7L",
    description: "收到就是裂的，倒水会漏。",
    contact: { name: "王芳", phone: "13800138000" },
    channel: "web",
    category: "product_quality",
  };
}

// the storefront files
const shop = new ComplaintsApi(as(is(process.env.REDRESS_TOKEN, "REDRESS_TOKEN")));
const ids: string[] = [];
for (const n of [1, 2, 3]) {
  const receipt = await shop.fileComplaint({ complaintBody: complaint(n), idempotencyKey: `fetch-${n}` });
  same(receipt.stage, "received", "stage");
  same(receipt.receivedAt instanceof Date, true, "an instant");
  ids.push(receipt.complaintId);
}
const complaintId = is(ids[0], "id");

// and reads it
const read = await shop.showComplaint({ complaintId });
if (read.view !== "public") throw new Error(`a storefront reads a view for ${read.view}`);
same(read.category, "product_quality", "category");
same(is(read.deadline, "deadline").dueAt instanceof Date, true, "a due date");

// and pages through its own list
let cursor: string | undefined;
const met = new Set<string>();
for (let page = 0; page < 3; page += 1) {
  const list = await shop.listComplaints({ limit: 1, cursor });
  for (const one of list.items) {
    if (one.view !== "storefront") throw new Error(`a storefront lists what is for ${one.view}`);
    met.add(one.complaintId);
  }
  cursor = list.nextCursor ?? undefined;
}
same(met.size, 3, "complaints on three pages");

// staff signs in, and is late: what was read goes stale
const entrance = new EntranceApi(new Configuration({ basePath }));
const session = await entrance.signIn({ signInBody: { username: "cs.lin", password: "Redress-local-1" } });
const lin = new ComplaintsApi(as(session.accessToken));
const work = new CaseworkApi(as(session.accessToken));
const whole = await lin.showComplaintRaw({ complaintId });
const ifMatch = is(whole.raw.headers.get("ETag"), "ETag");
if ((await whole.value()).view !== "staff") throw new Error("staff reads another view");
const acknowledgement = { message: "已受理，我们马上调查。" };
const taken = await work.acknowledge({ complaintId, ifMatch, acknowledgement });
same(taken.stage, "investigating", "stage");
const stale = await refused(412, work.assign({ complaintId, ifMatch, assignment: { assignee: "cs.chen" } }));
same(stale.code, "stale", "code");

// and what is wrong is said field by field
const wrong = complaint(4);
wrong.contact.phone = "1";
const problem = await refused(422, shop.fileComplaint({ complaintBody: wrong }));
same(is(problem.errors, "errors")[0]?.field, "contact.phone", "field");

// what happened
const timeline = await lin.showTimeline({ complaintId });
is(timeline.items[0], "entry");
