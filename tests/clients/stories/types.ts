// A shop's first afternoon, by openapi-typescript's types and its client openapi-fetch.
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

declare const process: { env: Record<string, string | undefined> };
const baseUrl = process.env.REDRESS_API ?? "";

function as(token: string) {
  return createClient<paths>({ baseUrl, headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

function is<T>(value: T | null | undefined, why: string): T {
  if (value === null || value === undefined) throw new Error(`missing: ${why}`);
  return value;
}

function same<T>(found: T, expected: T, why: string): void {
  if (found !== expected) throw new Error(`${why}: ${String(found)} instead of ${String(expected)}`);
}

function complaint(n: number): components["schemas"]["ComplaintBody"] {
  return {
    order_number: `TS-TYPES-${n}`,
    product_name: "电热水壶 1.7L",
    description: "收到就是裂的，倒水会漏。",
    contact: { name: "王芳", phone: "13800138000" },
    channel: "web",
    category: "product_quality",
  };
}

// the storefront files
const shop = as(is(process.env.REDRESS_TOKEN, "REDRESS_TOKEN"));
const ids: string[] = [];
for (const n of [1, 2, 3]) {
  const header = { "Idempotency-Key": `types-${n}` };
  const filed = await shop.POST("/v1/complaints", { body: complaint(n), params: { header } });
  same(filed.response.status, 201, "filing");
  const receipt = is(filed.data, "receipt");
  same(receipt.stage, "received", "stage");
  is(receipt.tracking_url, "tracking_url");
  ids.push(receipt.complaint_id);
}
const complaint_id = is(ids[0], "id");
const path = { complaint_id };

// and reads it
const read = is((await shop.GET("/v1/complaints/{complaint_id}", { params: { path } })).data, "complaint");
if (read.view !== "public") throw new Error(`a storefront reads a view for ${read.view}`);
same(read.category, "product_quality", "category");
is(read.deadline, "deadline");

// and pages through its own list
let cursor: string | undefined;
const met = new Set<string>();
for (let page = 0; page < 3; page += 1) {
  const query = cursor === undefined ? { limit: 1 } : { limit: 1, cursor };
  const list = is((await shop.GET("/v1/complaints", { params: { query } })).data, "list");
  for (const one of list.items) {
    if (one.view !== "storefront") throw new Error(`a storefront lists what is for ${one.view}`);
    met.add(one.complaint_id);
  }
  cursor = list.next_cursor ?? undefined;
}
same(met.size, 3, "complaints on three pages");

// staff signs in, and is late: what was read goes stale
const body = { username: "cs.lin", password: "Redress-local-1" };
const session = is((await as("").POST("/v1/sign-in", { body })).data, "session");
const lin = as(session.access_token);
const whole = await lin.GET("/v1/complaints/{complaint_id}", { params: { path } });
const seen = is(whole.response.headers.get("ETag"), "ETag");
if (is(whole.data, "complaint").view !== "staff") throw new Error("staff reads another view");
const header = { "If-Match": seen };
const taken = await lin.POST("/v1/complaints/{complaint_id}/acknowledgement", {
  params: { path, header },
  body: { message: "已受理，我们马上调查。" },
});
same(is(taken.data, "complaint").stage, "investigating", "stage");
const stale = await lin.POST("/v1/complaints/{complaint_id}/assignment", {
  params: { path, header },
  body: { assignee: "cs.chen" },
});
same(stale.response.status, 412, "stale");
same(is(stale.error, "problem").code, "stale", "code");

// and what is wrong is said field by field
const wrong = complaint(4);
wrong.contact.phone = "1";
const refused = await shop.POST("/v1/complaints", { body: wrong });
same(refused.response.status, 422, "wrong");
same(is(refused.error, "problem").errors?.[0]?.field, "contact.phone", "field");

// what happened
const entries = is((await lin.GET("/v1/complaints/{complaint_id}/timeline", { params: { path } })).data, "timeline");
is(entries.items[0], "entry");
