using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Vitrine.Commands;

/// <summary><c>vitrine forward list|aside|replay|parity|drop</c>: what is forwarded, asked of a running server.</summary>
internal static class ForwardCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create() => new("forward", "See how far forwarding is, and replay what a target refused")
    {
        CreateList(), CreateAside(), CreateReplay(), CreateParity(), CreateDrop(),
    };

    private static Command CreateList() => Create("list", "List the targets, and how far each is", takesTarget: false, [], static async (client, _, _, cancellation) =>
    {
        foreach (var one in (await AskAsync(client, HttpMethod.Get, "", cancellation)).GetProperty("targets").EnumerateArray())
        {
            var error = one.GetProperty("last_error") is { ValueKind: JsonValueKind.Object } last ? $"{last.GetProperty("at").GetString()}: {last.GetProperty("reason").GetString()}" : "no failure";
            Console.WriteLine(string.Join('\t', one.GetProperty("name").GetString(), one.GetProperty("kind").GetString(), one.GetProperty("state").GetString(),
                $"{Number(one, "lag_records")} records behind", $"{Number(one, "sent")} sent", $"{Number(one, "set_aside")} set aside", $"{Number(one, "missed_records")} records missed", error));
        }
    });

    private static Command CreateAside() => Create("aside", "List what a target refused", takesTarget: true, [], static async (client, _, target, cancellation) =>
    {
        var answer = await AskAsync(client, HttpMethod.Get, $"/{target}/aside", cancellation);
        foreach (var one in answer.GetProperty("events").EnumerateArray())
        {
            Console.WriteLine(string.Join('\t', one.GetProperty("req_id").GetString() + one.GetProperty("path").GetString(), one.GetProperty("moe_event_uuid").GetString(),
                one.GetProperty("kind").GetString(), one.GetProperty("reason").GetString(), one.GetProperty("at").GetString()));
        }

        if (answer.GetProperty("total").GetInt64() > answer.GetProperty("events").GetArrayLength())
        {
            Console.WriteLine($"These are the first of {Number(answer, "total")}.");
        }
    });

    private static Command CreateReplay() => Create("replay", "Send a target again what it refused", takesTarget: true, [], static async (client, _, target, cancellation) =>
    {
        var (sent, refused, gone, after) = (0, 0, 0, "");
        while (true)
        {
            var answer = await AskAsync(client, HttpMethod.Post, $"/{target}/replay{after}", cancellation);
            (sent, refused, gone) = (sent + answer.GetProperty("sent").GetInt32(), refused + answer.GetProperty("refused").GetInt32(), gone + answer.GetProperty("gone").GetInt32());
            var stopped = answer.GetProperty("stopped").GetString();
            if (stopped is not null || answer.GetProperty("next").GetString() is not { } next)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent:N0} sent, {refused:N0} refused again, {gone:N0} in the journal no more."));
                if (stopped is not null)
                {
                    throw new CommandException($"the replay ended early: the target {stopped}");
                }

                return;
            }

            after = $"?after={Uri.EscapeDataString(next)}";
        }
    });

    private static Command CreateParity()
    {
        var from = new Option<string?>("--from") { Description = "The first day, such as 2026-11-24 (default: six days before the last)" };
        var to = new Option<string?>("--to") { Description = "The last day, in UTC (default: today)" };
        return Create("parity", "Show how a target's answers compare with ours, by day", takesTarget: true, [from, to], async (client, parsed, target, cancellation) =>
        {
            var query = string.Join('&', new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)) }.Where(static one => one.Item2 is not null).Select(static one => $"{one.Item1}={Uri.EscapeDataString(one.Item2!)}"));
            var answer = await AskAsync(client, HttpMethod.Get, $"/{target}/parity{(query.Length > 0 ? "?" : "")}{query}", cancellation);
            foreach (var day in answer.GetProperty("days").EnumerateArray())
            {
                foreach (var one in day.GetProperty("answers").EnumerateArray())
                {
                    Console.WriteLine(string.Join('\t', day.GetProperty("day").GetString(), $"ours {one.GetProperty("ours").GetInt32()}", $"theirs {one.GetProperty("theirs").GetInt32()}",
                        Number(one, "requests"), one.GetProperty("last_request_id").GetString(), one.GetProperty("differs").GetBoolean() ? "differs" : "same"));
                }
            }

            Console.WriteLine($"{Number(answer, "differences")} of {Number(answer, "requests")} requests were answered differently.");
        });
    }

    private static Command CreateDrop() => Create("drop", "Forget a target that is not configured any more", takesTarget: true, [], static async (client, _, target, cancellation) =>
    {
        await AskAsync(client, HttpMethod.Delete, $"/{target}", cancellation);
        Console.WriteLine($"{Uri.UnescapeDataString(target)} is forgotten.");
    });

    private static Command Create(
        string name, string description, bool takesTarget, Option[] options, Func<HttpClient, ParseResult, string, CancellationToken, Task> run)
    {
        var target = new Argument<string>("target") { Description = "The name of the target" };
        var (url, workspace, key) = (CommonOptions.Url(), CommonOptions.Workspace(), CommonOptions.Key());
        var command = new Command(name, description);
        if (takesTarget)
        {
            command.Add(target);
        }

        foreach (var option in options.Concat([url, workspace, key]))
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = CommonOptions.Connect(parsed.GetValue(url), parsed.GetValue(workspace), parsed.GetValue(key));
            await run(client, parsed, takesTarget ? Uri.EscapeDataString(parsed.GetValue(target)!) : "", cancellation);
        });
        return command;
    }

    private static async Task<JsonElement> AskAsync(HttpClient client, HttpMethod method, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri($"api/v1/forwarding{path}", UriKind.Relative));
        using var answer = await client.SendAsync(request, cancellation);
        return await CommonOptions.ReadAsync(client, answer, cancellation);
    }

    private static string Number(JsonElement one, string name) => one.GetProperty(name).GetInt64().ToString("N0", CultureInfo.InvariantCulture);
}
