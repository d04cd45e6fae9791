import { randomBytes, timingSafeEqual } from "node:crypto";
import {
  chmodSync,
  chownSync,
  closeSync,
  fchmodSync,
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { CREATE_EXCLUSIVELY, writeAll } from "../files/replace-file.ts";
import { HelperError } from "../helper-link/helper-error.ts";
import type { Link } from "../helper-link/link.ts";
import { PROTOCOL, readProof } from "../helper-link/messages.ts";
import type { HelperConfig } from "./helper-config.ts";

/**
 * Who is at the other end of the socket. Node does not hand out SO_PEERCRED, so the kernel is asked by other ways, and
 * each of them would do alone on Linux:
 *
 * - The socket is the agent's user's with mode 600, and connecting takes the right to write to it (unix(7)).
 * - For each connection a secret is written to a file that only that user can read, and must be said back. This holds
 *   as well where a system passes over the rights of sockets.
 *
 * The secret is told for this connection alone, and the file is gone before anything else is heard. Root passes too: it
 * needs no helper.
 */
export class PeerProof {
  private readonly folder: string;
  private readonly peer: HelperConfig["peer"];

  /** Makes the folders of socket and challenges; those of an earlier run go. */
  constructor({ socket, peer }: HelperConfig) {
    this.peer = peer;
    const home = dirname(socket);
    mkdirSync(home, { recursive: true, mode: 0o750 });
    chownSync(home, 0, peer.gid);
    chmodSync(home, 0o750);
    this.folder = join(home, "challenges");
    mkdirSync(this.folder, { recursive: true, mode: 0o710 });
    chownSync(this.folder, 0, peer.gid);
    // Others may open what they know the name of, and list nothing.
    chmodSync(this.folder, 0o710);
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name), { force: true });
  }

  /** @throws HelperError `helper/wrong-peer`, and as `Link` */
  async require(link: Link): Promise<void> {
    const challenge = randomBytes(16).toString("hex");
    const secret = randomBytes(32).toString("hex");
    const path = join(this.folder, challenge);
    try {
      this.write(path, secret);
      await link.say({ say: "hello", protocol: PROTOCOL, challenge });
      const proof = await link.hear(readProof);
      if (timingSafeEqual(Buffer.from(proof.secret), Buffer.from(secret))) return;
    } finally {
      rmSync(path, { force: true });
    }
    throw new HelperError("helper/wrong-peer", `the peer did not show that it is user ${this.peer.uid}`, {
      help: "run the agent as the user that the helper's config names",
    });
  }

  private write(path: string, secret: string): void {
    const descriptor = openSync(path, CREATE_EXCLUSIVELY, 0o600);
    try {
      writeAll(descriptor, Buffer.from(secret));
      fchownSync(descriptor, this.peer.uid, 0);
      fchmodSync(descriptor, 0o400);
    } finally {
      closeSync(descriptor);
    }
  }
}
