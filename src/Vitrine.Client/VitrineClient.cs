using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Vitrine.Client.Keeping;
using Vitrine.Client.Queueing;
using Vitrine.Client.Sending;

namespace Vitrine.Client;

/// <summary>Fetches experiences, and reports that they were shown and clicked. One serves a whole process, from any thread.</summary>
/// <remarks>
/// What <see cref="Shown(ExperienceContext, string?)"/> and <see cref="Clicked(ExperienceContext, IReadOnlyDictionary{string, object?}?, string?)"/>
/// return for is in a file, and is sent until the server has acknowledged it, after a restart too; each event has its
/// uuid from the beginning, so that it counts once however often it is sent.
/// </remarks>
public sealed class VitrineClient : IAsyncDisposable, IDisposable
{
    private readonly VitrineOptions _options;
    private readonly ILogger _logger;
    private readonly Customer? _customer;
    private readonly EventQueue _queue;
    private readonly FetchedExperiences? _fetched;
    private readonly ClientMetrics _metrics;
    private readonly Server _server;
    private readonly Sender _sender;
    private int _isDisposed;

    /// <summary>Starts a client. What an earlier process left unsent is sent now.</summary>
    /// <param name="options">How it reaches its server. Later changes do nothing.</param>
    /// <param name="loggerFactory">Where it logs to; by default nowhere.</param>
    /// <exception cref="ArgumentException">An option is missing or out of range.</exception>
    public VitrineClient(VitrineOptions options, ILoggerFactory? loggerFactory = null)
    {
        _options = (options ?? throw new ArgumentNullException(nameof(options))).Checked();
        _logger = new QuietLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger(typeof(VitrineClient).FullName!));
        var folder = Folder.Of(_options);
        if (_options.HasOwnCustomer)
        {
            _customer = new Customer(new KeptFile(Path.Combine(folder, "customer.json"), _logger));
            _fetched = new FetchedExperiences(new KeptFile(Path.Combine(folder, "experiences.json"), _logger));
        }

        _metrics = new ClientMetrics(() => _queue?.Waiting ?? 0);
        _queue = new EventQueue(folder, _options.MaximumQueueBytes, _options.TimeProvider, _metrics, _logger);
        _server = new Server(_options);
        _sender = new Sender(_queue, _server, _options, _metrics, _logger);
    }

    /// <summary>Whom fetches and reports are for when they name nobody: who was identified, else an id made up for this folder; null without <see cref="VitrineOptions.HasOwnCustomer"/>.</summary>
    public string? CustomerId => _customer?.Id;

    /// <summary>Events that wait to be sent.</summary>
    public int Queued => _queue.Waiting;

    /// <summary>Events that were given up since the start: to make room, or because the server will never take them.</summary>
    public long Dropped => _metrics.AllDropped;

    /// <summary>Which experiences a customer gets: of some keys, or every active one.</summary>
    /// <param name="keys">Of which the first 25 count; null: every active experience.</param>
    /// <param name="attributes">Of the session, which conditions and templates may ask about, such as <c>utm_medium</c>, <c>DAY_OF_THE_WEEK</c> or <c>USER_IP_ADDRESS</c>.</param>
    /// <param name="customerId">The customer; null: <see cref="CustomerId"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// What the server decided; while it cannot be asked, what it last decided for <see cref="CustomerId"/>
    /// (<see cref="FetchResult.Source"/> says which). For customers who are named nothing is kept.
    /// </returns>
    /// <exception cref="VitrineException">The server refused, or it cannot be asked and nothing is kept.</exception>
    /// <exception cref="InvalidOperationException">Nobody is named, and this process is nobody's own.</exception>
    public async Task<FetchResult> FetchAsync(IEnumerable<string>? keys = null, IReadOnlyDictionary<string, object?>? attributes = null, string? customerId = null, CancellationToken cancellationToken = default)
    {
        var asked = keys?.ToList();
        var who = customerId ?? Own().Id;
        var answer = await _server.AskAsync("/v1/experiences/fetch", BodyOf(asked, attributes, who), "return=representation", cancellationToken).ConfigureAwait(false);
        if (answer.Status == 200 && answer.Object("experiences") is { } experiences)
        {
            var now = _options.TimeProvider.GetUtcNow();
            if (customerId is null)
            {
                _fetched!.Keep(who, asked, experiences, now);
            }

            return ResultOf(experiences.EnumerateObject().Select(static one => new KeyValuePair<string, JsonElement>(one.Name, one.Value)), answer.Object("failures"), FetchSource.Network, now);
        }

        var fault = answer.ToException(_server.Host);
        if (!answer.IsAway || customerId is not null || _fetched!.Find(who, asked) is not { } kept)
        {
            throw fault;
        }

        _logger.UsesCache(fault.Message, fault.Status);
        return ResultOf(kept.Experiences, null, FetchSource.Cache, kept.FetchedAt);
    }

    /// <summary>Which experiences there are.</summary>
    /// <param name="statuses">Those of these: <c>Active</c>, <c>Paused</c>, <c>Scheduled</c>; null: of all three.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="VitrineException">The server refused, or it cannot be asked.</exception>
    public async Task<IReadOnlyList<ExperienceInfo>> FetchMetadataAsync(IEnumerable<string>? statuses = null, CancellationToken cancellationToken = default)
    {
        var query = statuses is null ? "" : "?status=" + Uri.EscapeDataString(string.Join(",", statuses));
        var answer = await _server.AskAsync("/v1/experiences/metadata" + query, null, null, cancellationToken).ConfigureAwait(false);
        return answer.Status == 200 && answer.Object("metadata") is { } metadata && metadata.TryGetProperty("experiences", out var experiences) && experiences.ValueKind == JsonValueKind.Array
            ? [.. experiences.EnumerateArray().Select(static one => new ExperienceInfo(Text(one, "experience_key"), Text(one, "experience_name"), Text(one, "status")))]
            : throw answer.ToException(_server.Host);
    }

    /// <summary>Reports that an experience was shown. Neither throws nor waits for the server.</summary>
    /// <param name="context">What came with the experience.</param>
    /// <param name="customerId">To whom; null: <see cref="CustomerId"/>.</param>
    public void Shown(ExperienceContext context, string? customerId = null) => Report(EventRecord.Shown, context, null, customerId);

    /// <summary>Reports that experiences were shown. Neither throws nor waits for the server.</summary>
    /// <param name="contexts">What came with the experiences.</param>
    /// <param name="customerId">To whom; null: <see cref="CustomerId"/>.</param>
    public void Shown(IEnumerable<ExperienceContext> contexts, string? customerId = null) => Report(EventRecord.Shown, contexts, null, customerId);

    /// <summary>Reports that an experience was clicked. Neither throws nor waits for the server.</summary>
    /// <param name="context">What came with the experience.</param>
    /// <param name="extra">What is added, such as <c>button_id</c>, which is the click target, and <c>button_name</c>.</param>
    /// <param name="customerId">By whom; null: <see cref="CustomerId"/>.</param>
    public void Clicked(ExperienceContext context, IReadOnlyDictionary<string, object?>? extra = null, string? customerId = null) => Report(EventRecord.Clicked, context, extra, customerId);

    /// <summary>Reports that experiences were clicked. Neither throws nor waits for the server.</summary>
    /// <param name="contexts">What came with the experiences.</param>
    /// <param name="extra">What is added to each.</param>
    /// <param name="customerId">By whom; null: <see cref="CustomerId"/>.</param>
    public void Clicked(IEnumerable<ExperienceContext> contexts, IReadOnlyDictionary<string, object?>? extra = null, string? customerId = null) => Report(EventRecord.Clicked, contexts, extra, customerId);

    /// <summary>Says who the customer is, from now on and after restarts. For apps, which are one person's; a server names the customer with each call.</summary>
    /// <param name="customerId">The id; null or empty: nobody who is known, so that the made-up id serves.</param>
    /// <exception cref="InvalidOperationException">This process is nobody's own.</exception>
    public Task IdentifyAsync(string? customerId)
    {
        var own = Own();
        return Task.Run(() => own.Identify(customerId));
    }

    /// <summary>Forgets the customer and what was fetched, as after signing out, and makes up another id. What is queued stays theirs.</summary>
    /// <exception cref="InvalidOperationException">This process is nobody's own.</exception>
    public Task ResetAsync()
    {
        var own = Own();
        return Task.Run(() =>
        {
            own.Forget();
            _fetched!.Forget();
        });
    }

    /// <summary>Sends what is queued, now.</summary>
    /// <param name="cancellationToken">Gives up; what was not sent stays queued.</param>
    /// <returns>True when nothing is left of what was queued.</returns>
    public Task<bool> FlushAsync(CancellationToken cancellationToken = default) => _sender.FlushAsync(cancellationToken);

    /// <summary>Sends what is queued, for at most <see cref="VitrineOptions.DisposeLimit"/>, and ends. What is left is sent after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1)
        {
            return;
        }

        try
        {
            await _sender.StopAsync().ConfigureAwait(false);
            if (_options.DisposeLimit > TimeSpan.Zero)
            {
                using var limit = new CancellationTokenSource(_options.DisposeLimit);
                await _sender.FlushAsync(limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The next start sends the rest.
        }
        catch (Exception fault)
        {
            _logger.FailsUnexpectedly(fault);
        }
        finally
        {
            Close();
        }
    }

    /// <summary>Ends at once. What is queued is sent after the next start; <see cref="DisposeAsync"/> tries before.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _ = _sender.StopAsync(); // It ends by itself: what it holds is closed, and it takes nothing away then.
            Close();
        }
    }

    private void Close()
    {
        _queue.Dispose();
        _server.Dispose();
        _metrics.Dispose();
    }

    private Customer Own() => _customer ?? throw new InvalidOperationException($"Name the customer: {nameof(VitrineOptions)}.{nameof(VitrineOptions.HasOwnCustomer)} is false, so this process is no single person's.");

    private static byte[] BodyOf(List<string>? keys, IReadOnlyDictionary<string, object?>? attributes, string customerId)
    {
        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var attribute in attributes ?? new Dictionary<string, object?>())
        {
            members[attribute.Key] = attribute.Value;
        }

        members["identifiers"] = new Dictionary<string, object?> { ["customer_id"] = customerId };
        if (keys is not null)
        {
            members["experience_key"] = keys;
        }

        return Json.Encode(writer =>
        {
            writer.WriteStartObject();
            writer.WriteMembers(members);
            writer.WriteEndObject();
        });
    }

    private static FetchResult ResultOf(IEnumerable<KeyValuePair<string, JsonElement>> experiences, JsonElement? failures, FetchSource source, DateTimeOffset moment)
    {
        var read = new Dictionary<string, Experience>(StringComparer.Ordinal);
        foreach (var experience in experiences)
        {
            if (experience.Value.ValueKind == JsonValueKind.Object && experience.Value.TryGetProperty("payload", out var payload)
                && experience.Value.TryGetProperty("experience_context", out var context) && context.ValueKind == JsonValueKind.Object)
            {
                read[experience.Key] = new Experience(experience.Key, Payload.From(payload), ExperienceContext.From(context), source);
            }
        }

        var reasons = failures?.EnumerateObject().ToDictionary(static failure => failure.Name, static failure => failure.Value.ToString(), StringComparer.Ordinal) ?? [];
        return new FetchResult(read, reasons, source, moment);
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.ToString() : "";

    private void Report(string action, IEnumerable<ExperienceContext> contexts, IReadOnlyDictionary<string, object?>? extra, string? customerId)
    {
        try
        {
            foreach (var context in contexts)
            {
                Report(action, context, extra, customerId);
            }
        }
        catch (Exception fault)
        {
            _logger.CannotReport(fault); // The list's own.
        }
    }

    private void Report(string action, ExperienceContext context, IReadOnlyDictionary<string, object?>? extra, string? customerId)
    {
        try
        {
            var line = EventRecord.Write(action, context, extra, customerId ?? Own().Id, _options.Platform, _options.TimeProvider.GetLocalNow(), isHere: customerId is null);
            if (_queue.Append(line))
            {
                _metrics.Queued();
                _sender.NoticeEvent();
            }
            else
            {
                _logger.CannotReport(new ObjectDisposedException(nameof(VitrineClient)));
            }
        }
        catch (Exception fault)
        {
            _logger.CannotReport(fault); // An app goes on without its reports.
        }
    }
}
