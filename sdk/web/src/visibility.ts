import type { ViewabilityOptions } from "./types";

/**
 * Calls back once when enough of an element has been visible for long enough, by the MRC's rule for display advertisements
 * unless told otherwise: half of it for one second without a break, in a tab that is in front. Answers how to stop looking.
 */
export function whenSeen(element: Element, seen: () => void, options: ViewabilityOptions = {}): () => void {
  const { share = 0.5, milliseconds = 1_000 } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isInView = false;
  const look = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isInView && document.visibilityState === "visible") {
      timer = setTimeout(() => {
        const { width, height } = element.getBoundingClientRect();
        if (width * height === 0) {
          look(); // Its picture is not there yet; nobody says so when it is.
          return;
        }
        stop();
        seen();
      }, milliseconds);
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const now = entry.isIntersecting && entry.intersectionRatio >= share;
        if (now !== isInView) {
          isInView = now;
          look();
        }
      }
    },
    { threshold: share },
  );
  const stop = (): void => {
    clearTimeout(timer);
    observer.disconnect();
    document.removeEventListener("visibilitychange", look);
  };
  document.addEventListener("visibilitychange", look);
  observer.observe(element);
  return stop;
}
