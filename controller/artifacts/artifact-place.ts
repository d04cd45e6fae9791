/** Where a controller has the bytes of hosted artifacts from. */
export type ArtifactPlace =
  | {
      readonly kind: "folder";
      /** Absolute. */
      readonly folder: string;
    }
  | {
      /** A bucket or another web server: agents are sent there. */
      readonly kind: "origin";
      /** http or https, ends in `/`; takes the place of the artifact folder. */
      readonly prefix: string;
    }
  | {
      /** The Git LFS server of the state repository: the controller fetches what is committed there, and serves it. */
      readonly kind: "git-lfs";
      /** Absolute; its own, for what was fetched. */
      readonly folder: string;
      /** Where the batch API is, without a slash at its end. */
      readonly endpoint: string;
    };
