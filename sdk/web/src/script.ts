import { Vitrine } from "./client";

/**
 * What a script tag starts: a client from the tag's own attributes, as `window.vitrine`. The server is where the script came
 * from, unless `data-host` names another. With `data-moengage` it is there as `MoEngage.personalize` and
 * `Moengage.personalize`, too, so that a page that calls those changes only the tag.
 */
const tag = document.currentScript as HTMLScriptElement | null;
const { workspace, clientKey, customerId, host, moengage } = tag?.dataset ?? {};
const page = window as unknown as Record<string, unknown>;
page.Vitrine = Vitrine;
if (tag && workspace && clientKey) {
  const vitrine = new Vitrine({ host: host ?? new URL(tag.src).origin, workspace, clientKey, ...(customerId ? { customerId } : {}) });
  page.vitrine = vitrine;
  if (moengage !== undefined) {
    for (const name of ["MoEngage", "Moengage"]) {
      page[name] = { ...(page[name] as object | undefined), personalize: vitrine };
    }
  }
  dispatchEvent(new Event("vitrine"));
} else {
  console.error("vitrine: the script tag needs data-workspace and data-client-key");
}
