using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>Sends batches over a few connections until each is answered for good.</summary>
/// <remarks>
/// A request that fails or is told to come back (429, 503) is sent again as it is, with the same uuids, so that
/// nothing is lost and nothing counts twice, whichever side went down in between.
/// </remarks>
internal sealed class ImportSender(HttpClient client, ImportKind kind, int connections, TimeSpan patience, TimeProvider time)
{
    private readonly Uri _path = new(kind.Path(CommonOptions.WorkspaceOf(client)), UriKind.Relative);

    /// <summary>Sends all elements and adds up what became of their events.</summary>
    /// <exception cref="CommandException">The server refuses the import as a whole, or stays away longer than the patience.</exception>
    public async Task SendAsync(IEnumerable<ImportElement> elements, ImportTally tally, Action<long> progress, CancellationToken cancellation)
    {
        long sent = 0;
        await Parallel.ForEachAsync(
            ImportBatches.Of(kind, elements),
            new ParallelOptions { MaxDegreeOfParallelism = connections, CancellationToken = cancellation },
            async (batch, stop) =>
            {
                await SendAsync(batch, tally, stop);
                progress(Interlocked.Add(ref sent, batch.Elements.Sum(static element => element.Events)));
            });
    }

    /// <summary>Sends a batch. One that is refused as a whole is halved until it is clear whose fault that is.</summary>
    private async Task SendAsync(ImportBatch batch, ImportTally tally, CancellationToken cancellation)
    {
        var (answer, refusal) = await AskAsync(batch, cancellation);
        if (answer is not null)
        {
            tally.Add(kind, batch, answer);
        }
        else if (batch.Elements.Count == 1)
        {
            tally.Refuse($"line {batch.Elements[0].Line}: {refusal}");
        }
        else
        {
            foreach (var half in batch.Elements.Chunk((batch.Elements.Count + 1) / 2).SelectMany(half => ImportBatches.Of(kind, half)))
            {
                await SendAsync(half, tally, cancellation);
            }
        }
    }

    private async Task<(JsonObject? Answer, string? Refusal)> AskAsync(ImportBatch batch, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(100); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            string failure;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, _path)
                {
                    Content = new ByteArrayContent(batch.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
                };
                request.Headers.Add("Prefer", "handling=lenient, return=representation");
                using var response = await client.SendAsync(request, cancellation);
                var answer = await response.Content.ReadAsStringAsync(cancellation);
                if (response.IsSuccessStatusCode)
                {
                    return (JsonNode.Parse(answer)!.AsObject(), null);
                }

                failure = $"the server answered {(int)response.StatusCode}: {answer}";
                if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
                {
                    return (null, failure);
                }

                if (response.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
                {
                    throw new CommandException(CommonOptions.Refusal(client, response.StatusCode, failure));
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
