import { Vitrine, VitrineError } from "vitrine-web";

// What the page needs to know stands in /settings.json, so that the same build serves every environment.
const settings = (await (await fetch("/settings.json")).json()) as { host: string; workspace: string; clientKey: string };
const vitrine = new Vitrine(settings);
const banner = document.getElementById("banner")!;
try {
  const { experiences } = await vitrine.fetchExperiences("homepage-banner");
  const experience = experiences["homepage-banner"];
  if (experience) {
    banner.querySelector("h1")!.textContent = String(experience.payload.title?.value ?? "Welcome");
    vitrine.observe(banner, experience.experience_context); // Reports that it was seen, and each click in it.
  }
} catch (fault) {
  if (!(fault instanceof VitrineError)) {
    throw fault;
  } // Otherwise the page is the one for everybody.
}
