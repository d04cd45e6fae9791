/** Most successors of a root that one refresh follows (TUF 1.0, section 5.3.3). */
export const MAX_ROOT_UPDATES = 256;

/** Most roles that the search for one target looks at (TUF 1.0, section 5.6.7). */
export const MAX_ROLES_SEARCHED = 32;

/** How far a clock may be set back before it is refused: what time synchronisation does, and a little more. */
export const CLOCK_TOLERANCE_SECONDS = 600;
