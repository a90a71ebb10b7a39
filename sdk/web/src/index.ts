export { Vitrine } from "./client";
export * from "./types";
