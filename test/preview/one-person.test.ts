import assert from "node:assert/strict";
import { test } from "node:test";
import { PreviewDesk } from "../../controller/http/preview-api/preview-desk.ts";
import type { Caller } from "../../controller/http/sign-in.ts";

function caller(name: string): Caller {
  return { actor: { name, from: "127.0.0.1" }, role: "viewer", tenants: null };
}

test("one person has six questions about git at a time, whatever becomes of them, and others ask all the same", async () => {
  const desk = new PreviewDesk();
  const waiting: ReturnType<typeof Promise.withResolvers<string>>[] = [];
  const slow = (): Promise<string> => {
    const one = Promise.withResolvers<string>();
    waiting.push(one);
    return one.promise;
  };
  const ada = Array.from({ length: 6 }, () => desk.ask(caller("ada"), slow));
  const tooMany = { code: "http/too-many-questions", status: 429 };
  await assert.rejects(desk.ask(caller("ada"), slow), tooMany);
  assert.equal(waiting.length, 6, "it is not asked");
  assert.equal(await desk.ask(caller("ben"), async () => "at once"), "at once");

  waiting[0]?.resolve("an answer");
  assert.equal(await ada[0], "an answer");
  waiting[1]?.reject(new Error("git is away"));
  await assert.rejects(async () => ada[1], /git is away/);
  const two = [desk.ask(caller("ada"), slow), desk.ask(caller("ada"), slow)];
  await assert.rejects(desk.ask(caller("ada"), slow), tooMany);
  for (const one of waiting) one.resolve("done");
  assert.deepEqual(await Promise.all(two), ["done", "done"]);
  assert.equal(await desk.ask(caller("ada"), async () => "again"), "again");
});
