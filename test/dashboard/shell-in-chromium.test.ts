import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Page } from "playwright-core";
import { NO_BROWSER, openTab, startBrowser } from "../support/browser.ts";
import { ControllerProcess } from "../support/controller-process.ts";
import { StateRepository } from "../support/state-repository.ts";

const options = { skip: NO_BROWSER };

async function start(t: TestContext, env: Readonly<Record<string, string>> = {}): Promise<ControllerProcess> {
  const state = await StateRepository.create(t);
  await state.addVersion("1.0.0");
  await state.point("stable", "1.0.0");
  await state.commit("lantern");
  return ControllerProcess.start(t, state.directory, ["--dev-keys"], env);
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

const heading = (page: Page) => page.locator("main h1");
const COLOURS = "getComputedStyle(document.documentElement).colorScheme";

test(
  "the keyboard alone leads through the page, without an error and within its policy",
  options,
  async (t) => {
    const controller = await start(t);
    const { page, complaints } = await openTab(await startBrowser(t));
    await page.goto(controller.url);
    await page.getByText("Live", { exact: true }).waitFor();
    const titles = new Set([await page.title()]);
    for (const [keys, path] of [
      ["gr", "/rollouts"],
      ["gf", "/fleet"],
      ["gh", "/history"],
      ["go", "/"],
    ] as const) {
      for (const key of keys) await page.keyboard.press(key);
      await page.waitForURL(`${controller.url}${path}`);
      await heading(page).waitFor();
      assert.equal(await page.locator(":focus").textContent(), await heading(page).textContent(), path);
      titles.add(await page.title());
    }
    assert.equal(titles.size, 4, [...titles].join(", "));
    await page.goBack();
    await page.waitForURL(`${controller.url}/history`);

    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("f");
    assert.equal(new URL(page.url()).pathname, "/history", "keys of the page behind do nothing");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });

    await page.keyboard.press("/");
    const find = page.getByRole("combobox");
    await find.fill("stable");
    await page.getByRole("option", { name: /lantern \/ stable/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${controller.url}/rollouts/lantern/stable`);
    await page.keyboard.press("Escape");
    await page.waitForURL(`${controller.url}/history`);

    const before = await page.evaluate<string>(COLOURS);
    await page.keyboard.press("t");
    const after = await page.evaluate<string>(COLOURS);
    assert.notEqual(before, after);
    await page.reload();
    assert.equal(await page.evaluate<string>(COLOURS), after);
    assert.deepEqual(complaints, []);
  },
);

test("letters that are turned off do nothing, and typing is no command", options, async (t) => {
  const controller = await start(t);
  const { page } = await openTab(await startBrowser(t));
  await page.goto(controller.url);
  await heading(page).waitFor();
  await page.keyboard.press("/");
  await page.getByRole("combobox").pressSequentially("gf");
  assert.equal(new URL(page.url()).pathname, "/");
  await close(page);
  await page.keyboard.press("?");
  await page.getByLabel("Single letters do something").uncheck();
  await close(page);
  for (const key of "gf") await page.keyboard.press(key);
  await page.keyboard.press("/");
  assert.equal(await page.getByRole("dialog").count(), 0);
  assert.equal(new URL(page.url()).pathname, "/");
});

test("the page asks for a token where one is needed, and keeps it in the tab only", options, async (t) => {
  const token = "a-token-that-the-operators-of-this-test-chose";
  const controller = await start(t, { FAIRLEAD_OPERATOR_TOKEN: token });
  const browser = await startBrowser(t);
  const { page } = await openTab(browser);
  await page.goto(`${controller.url}/fleet`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("Token").fill("another-token-of-somebody-else");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByRole("alert").textContent(), "This token is not known here");
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
  await page.getByText("Live", { exact: true }).waitFor();
  assert.equal(new URL(page.url()).pathname, "/fleet");
  await page.reload();
  await page.getByText("Live", { exact: true }).waitFor();
  const other = await page.context().newPage();
  await other.goto(controller.url);
  await other.getByRole("heading", { name: "Sign in" }).waitFor();

  await page.getByRole("button", { name: "Signed in as operator, admin" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("what the start prints is opened signed in, and leaves no token in the address", options, async (t) => {
  const controller = await start(t);
  const [, address = ""] = /Its page for people: (\S+)\n/.exec(controller.output) ?? [];
  const token = readFileSync(join(controller.stateDirectory, "operator-token"), "utf8").trim();
  assert.equal(address, `${controller.url}/#token=${token}`);
  const { page, complaints } = await openTab(await startBrowser(t));
  await page.goto(address);
  await page.getByRole("button", { name: "Signed in as operator, admin" }).waitFor();
  assert.equal(page.url(), `${controller.url}/`);
  assert.deepEqual(complaints, []);
});

test("what was shown stays while the controller is away, and is live again by itself", options, async (t) => {
  const controller = await start(t);
  const road = await Road.open(t, Number(new URL(controller.url).port));
  const { page } = await openTab(await startBrowser(t));
  await page.goto(`http://127.0.0.1:${road.port}/`);
  await page.getByText("Live", { exact: true }).waitFor();
  const served = page.locator(".served .commit");
  const commit = await served.textContent();
  await road.close();
  await page
    .locator("main")
    .getByText(/^Not live since/)
    .waitFor();
  assert.equal(await served.textContent(), commit);
  assert.equal(await heading(page).count(), 1);
  await road.reopen();
  await page.getByText("Live", { exact: true }).waitFor();
  assert.equal(await page.getByText(/Not live since/).count(), 0);
});

/** Between a browser and a controller: it can be cut. */
class Road {
  port = 0;
  private readonly to: number;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(to: number) {
    this.to = to;
    this.server = createServer((socket) => {
      const other = connect(this.to, "127.0.0.1");
      for (const each of [socket, other]) {
        this.sockets.add(each);
        each
          .on("error", () => each.destroy())
          .on("close", () => {
            socket.destroy();
            other.destroy();
            this.sockets.delete(each);
          });
      }
      socket.pipe(other).pipe(socket);
    });
  }

  static async open(t: TestContext, to: number): Promise<Road> {
    const road = new Road(to);
    t.after(() => road.close());
    await road.reopen();
    return road;
  }

  async reopen(): Promise<void> {
    await once(this.server.listen(this.port, "127.0.0.1"), "listening");
    const address = this.server.address();
    if (address !== null && typeof address !== "string") this.port = address.port;
  }

  async close(): Promise<void> {
    if (!this.server.listening) return;
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, "close");
  }
}
