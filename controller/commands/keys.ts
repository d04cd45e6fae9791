import type { CommandInstaller } from "./command-line.ts";
import { installCeremonies } from "./keys-change.ts";
import { installLooking } from "./keys-look.ts";
import { installMaking } from "./keys-make.ts";
import { installSigning } from "./keys-sign.ts";

const STORY = `
In the order of their lives (docs/keys.md tells the whole story):

  once                fairlead keys init                      all keys on this machine
                      fairlead keys init --holder ada grace linus --root-threshold 2 --encrypt
  now and then        fairlead keys status                    what expires when, and what to do
  once a year         fairlead keys renew                     same keys, another 400 days
  a new product       fairlead keys add-product torch
  more people         fairlead keys add-holder root --holder grace --threshold 2
  a planned change    fairlead keys rotate online             or root, targets, releases-PRODUCT
  lost or stolen      fairlead keys revoke 3f2a91c0

Where each holder keeps their keys on their own machine:

  each holder         fairlead keys new root --name ada       makes a key there; its public half is sent
  who prepares        fairlead keys request rotate online     writes what is to be signed into one file
  each holder         fairlead keys sign signing-request.json shows what changes, asks, signs
  who prepares        fairlead keys collect ada.json grace.json

Exit codes: 0 done, 1 refused or something needs you, 2 wrong use.`;

/** `fairlead keys ...` */
export const addKeysCommand: CommandInstaller = (program) => {
  const keys = program
    .command("keys")
    .description("make, look after and change the keys that the fleet trusts")
    .addHelpText("after", STORY);
  installCeremonies(keys.commandsGroup("With the keys at hand:"), "at-once");
  installLooking(keys.commandsGroup("Look:"));
  installMaking(keys.commandsGroup("On the machines of several holders:"));
  const request = keys
    .command("request")
    .description("write down a change of keys for its holders to sign: `request rotate online`")
    .addHelpText(
      "after",
      "\nThe commands are those of `fairlead keys`; nothing is in force before `fairlead keys collect`.",
    );
  installCeremonies(request, "request");
  installSigning(keys);
};
