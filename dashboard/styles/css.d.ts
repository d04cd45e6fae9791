/** Stylesheets are imported by what they belong to; the bundler makes one of all. */
declare module "*.css";
