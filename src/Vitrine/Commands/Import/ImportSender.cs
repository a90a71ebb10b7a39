using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>What an import has come to.</summary>
internal sealed class ImportTally
{
    private const int ExamplesKept = 10;
    private readonly Lock _gate = new();
    private readonly List<string> _examples = [];

    /// <summary>Events counted for the first time.</summary>
    public long Stored { get; private set; }

    /// <summary>Events that had been counted before.</summary>
    public long Duplicate { get; private set; }

    /// <summary>Events on disk of which the server could not say yet whether they are new.</summary>
    public long Accepted { get; private set; }

    /// <summary>Events or elements refused.</summary>
    public long Refused { get; private set; }

    /// <summary>The first refusals, with their lines.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Adds the answer of one request.</summary>
    public void Add(ImportBatch batch, JsonObject answer)
    {
        var refusals = answer["errors"]?.AsArray() ?? [];
        lock (_gate)
        {
            foreach (var refusal in refusals)
            {
                Refused++;
                if (_examples.Count < ExamplesKept)
                {
                    _examples.Add(Describe(batch, refusal!.AsObject()));
                }
            }

            if (answer["events"] is JsonArray events)
            {
                var duplicates = events.Count(static one => one!["outcome"]!.GetValue<string>() == "duplicate");
                Duplicate += duplicates;
                Stored += events.Count - duplicates;
            }
            else
            {
                Accepted += batch.Elements.Sum(static element => element.Events) - refusals.Count;
            }
        }
    }

    private static string Describe(ImportBatch batch, JsonObject refusal)
    {
        var path = refusal["path"]!.GetValue<string>();
        var steps = path.Split('/', 4);
        var line = steps.Length > 2 && int.TryParse(steps[2], out var element) && element < batch.Elements.Count
            ? $"line {batch.Elements[element].Line}, {(steps.Length > 3 ? steps[3] : "element")}"
            : path;
        return $"{line} {refusal["reason"]!.GetValue<string>()}";
    }
}

/// <summary>Sends batches over a few connections until each is answered for good.</summary>
/// <remarks>
/// A request that fails or is told to come back (429, 503) is sent again as it is, with the same uuids, so that
/// nothing is lost and nothing counts twice, whichever side went down in between.
/// </remarks>
internal sealed class ImportSender(HttpClient client, int connections, TimeSpan patience, TimeProvider time)
{
    /// <summary>Sends all batches; answers what became of their events.</summary>
    /// <exception cref="CommandException">The server refuses the import as a whole, or stays away longer than the patience.</exception>
    public async Task<ImportTally> SendAsync(IEnumerable<ImportBatch> batches, Action<long> progress, CancellationToken cancellation)
    {
        var tally = new ImportTally();
        long sent = 0;
        await Parallel.ForEachAsync(
            batches,
            new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellation },
            async (batch, stop) =>
            {
                tally.Add(batch, await SendAsync(batch, stop));
                progress(Interlocked.Add(ref sent, batch.Elements.Sum(static element => element.Events)));
            });
        return tally;
    }

    private async Task<JsonObject> SendAsync(ImportBatch batch, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            string failure;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/v1/experiences/events", UriKind.Relative))
                {
                    Content = new ByteArrayContent(batch.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                };
                request.Headers.Add("Prefer", "handling=lenient, return=representation");
                using var response = await client.SendAsync(request, cancellation);
                var answer = await response.Content.ReadAsStringAsync(cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return JsonNode.Parse(answer)!.AsObject();
                }

                failure = $"the server answered {(int)response.StatusCode}: {answer}";
                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    throw new CommandException($"{failure} (lines {batch.Elements[0].Line}–{batch.Elements[^1].Line})");
                }

                pause = response.Headers.RetryAfter?.Delta is { } wait && wait > pause ? wait : pause;
            }
            catch (HttpRequestException fault)
            {
                failure = $"the server cannot be reached: {fault.Message}";
            }

            catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
            {
                failure = "the server did not answer in time";
            }

            if (time.GetElapsedTime(started) > patience)
            {
                throw new CommandException(failure);
            }

            await Task.Delay(pause, time, cancellation);
        }
    }
}
