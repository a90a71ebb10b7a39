using Vitrine.WebSdk;

namespace Vitrine.Dashboard.Pages;

/// <summary>Code that fetches an experience and reports what became of it, with an environment's real ids.</summary>
internal static class Snippets
{
    /// <summary>In what it can be had.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["curl", "C#", "JavaScript", "Script tag"];

    /// <summary>The pieces, each with what it is for.</summary>
    /// <param name="language">One of <see cref="Languages"/>.</param>
    /// <param name="address">The server's, without a slash at its end.</param>
    /// <param name="environment">The id of the environment.</param>
    /// <param name="key">The key of the experience.</param>
    /// <param name="clientKey">A client key of the workspace; null: it has none.</param>
    public static IReadOnlyList<(string Title, string Code)> Of(string language, string address, string environment, string key, string? clientKey) => language switch
    {
        "Script tag" =>
        [
            ("Load the SDK", ScriptTag($"{address}{WebSdkFeature.Path}\"", environment, clientKey)),
            ("Fetch, show and report, in a page", Page(key)),
            ("Or load this version alone: renew the tag with each update of the server, which no longer has the script of this address then",
                ScriptTag($"{address}{WebSdkFeature.VersionedPath}\"\n  integrity=\"{WebSdkFeature.Integrity}\" crossorigin=\"anonymous\"", environment, clientKey)),
        ],
        "C#" => [("Fetch, show and report, in .NET", CSharp(address, environment, key))],
        "JavaScript" => [("Fetch, show and report, in Node.js 18 or later", JavaScript(address, environment, key))],
        _ =>
        [
            ("Which experience does a user get?", $$"""
                curl -sS {{address}}/v1/experiences/fetch \
                  -u "{{environment}}:$VITRINE_API_KEY" -H 'MOE-APPKEY: {{environment}}' -H 'Content-Type: application/json' \
                  -d '{"identifiers":{"customer_id":"ada"},"experience_key":["{{key}}"]}'
                """),
            ("It was shown: send back the experience_context of the answer", $$"""
                curl -sS {{address}}/v1/experiences/events \
                  -u "{{environment}}:$VITRINE_API_KEY" -H 'MOE-APPKEY: {{environment}}' -H 'Content-Type: application/json' \
                  -d '{"elements":[{"customer_id":"ada","actions":[{
                        "action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","moe_event_uuid":"'$(uuidgen)'","platform":"web",
                        "attributes":{ … the experience_context … } }] }] }'
                """),
            ("Something came of it", $$"""
                curl -sS {{address}}/v1/event/{{environment}} \
                  -u "{{environment}}:$VITRINE_API_KEY" -H 'MOE-APPKEY: {{environment}}' -H 'Content-Type: application/json' \
                  -d '{"type":"event","customer_id":"ada","actions":[{"action":"Order Placed","event_id":"order 17","attributes":{"price":12.5,"currency":"EUR"} }] }'
                """),
        ],
    };

    private static string CSharp(string address, string environment, string key) => $$"""
        using Vitrine.Client; // The .NET SDK: it keeps each report until the server has it.

        await using var vitrine = new VitrineClient(new VitrineOptions
        {
            Host = new Uri("{{address}}"),
            Workspace = "{{environment}}",
            Key = Environment.GetEnvironmentVariable("VITRINE_API_KEY")!,
        });
        var experience = (await vitrine.FetchAsync(["{{key}}"], customerId: "ada"))["{{key}}"];
        if (experience is not null)
        {
            foreach (var name in experience.Payload.Names)
            {
                Console.WriteLine($"{name}: {experience.Payload.GetJson(name)}"); // Show it, then say so:
            }

            vitrine.Shown(experience.Context, "ada");
        }
        """;

    private static string JavaScript(string address, string environment, string key) => $$$"""
        import { randomUUID } from "node:crypto";

        const headers = {
          "Content-Type": "application/json",
          "MOE-APPKEY": "{{{environment}}}",
          Authorization: "Basic " + Buffer.from(`{{{environment}}}:${process.env.VITRINE_API_KEY}`).toString("base64"),
        };
        const post = async (path, body) => {
          const answer = await fetch("{{{address}}}" + path, { method: "POST", headers, body: JSON.stringify(body) });
          if (!answer.ok) throw new Error(await answer.text());
          return answer.json();
        };

        const { experiences } = await post("/v1/experiences/fetch", { identifiers: { customer_id: "ada" }, experience_key: ["{{{key}}}"] });
        const experience = experiences["{{{key}}}"];
        if (experience) {
          console.log(experience.payload); // Show it, then say so:
          await post("/v1/experiences/events", {
            elements: [{
              customer_id: "ada",
              actions: [{
                action: "MOE_PERSONALIZATION_MESSAGE_SHOWN",
                moe_event_uuid: randomUUID(),
                platform: "web",
                attributes: experience.experience_context,
              }],
            }],
          });
        }
        """;

    private static string ScriptTag(string source, string environment, string? clientKey) => $"""
        <script src="{source}
          data-workspace="{environment}" data-client-key="{clientKey ?? "… a client key, which an admin makes in Settings …"}"></script>
        """;

    private static string Page(string key) => $$"""
        <div id="place"></div>
        <script>
          vitrine.fetchExperiences("{{key}}").then(({ experiences }) => {
            const experience = experiences["{{key}}"];
            if (!experience) return; // Not for this user.
            const place = document.getElementById("place");
            place.textContent = JSON.stringify(experience.payload); // Show it as you like.
            vitrine.observe(place, experience.experience_context); // Reports that it was seen, and clicks in it.
          });
          // vitrine.identify("ada") once the user has signed in; vitrine.reset() after signing out.
        </script>
        """;
}
