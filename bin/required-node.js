/** The oldest Node that Fairlead runs on. */
export const REQUIRED_MAJOR = 26;
