using System.Text.RegularExpressions;
using NATS.Client.Core;
using NATS.Client.JetStream;
using Vitrine.Journal.Records;

namespace Vitrine.Forwarding;

/// <summary>Messages to a stream of NATS JetStream, which acknowledges each, and tells repetitions by <c>Nats-Msg-Id</c>: the environment and the uuid, for one stream may take several environments.</summary>
internal sealed partial class NatsChannel : MessageChannel
{
    private const int MessageTooLarge = 10054;
    private const int Status = 200, TooLarge = 413, Unavailable = 503;

    private readonly NatsTarget _target;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly NatsConnection _connection;
    private readonly NatsJSContext _stream;

    public NatsChannel(NatsTarget target, TimeSpan timeout, TimeProvider time)
    {
        (_target, _timeout, _time) = (target, timeout, time);
        _connection = new NatsConnection(new NatsOpts
        {
            Url = target.Url,
            Name = "vitrine",
            AuthOpts = new NatsAuthOpts { Username = target.User, Password = target.Password, Token = target.Token, CredsFile = target.CredentialsFile },
            TlsOpts = target.AuthorityFile is null ? NatsTlsOpts.Default : new NatsTlsOpts { CaFile = target.AuthorityFile, Mode = TlsMode.Require },
            IgnoreAuthErrorAbort = true, // Whoever mends the credentials there does not have to start us anew.
            RetryOnInitialConnect = true,
        });
        _stream = new NatsJSContext(_connection);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <inheritdoc/>
    protected override async Task<Delivery> SendAsync(ForwardedItem item, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var message = ItemJson.Write(_target.Environment, item);
            if (_connection.ServerInfo is { MaxPayload: > 0 and var most } && message.Length > most)
            {
                return new Delivery(Verdict.Refused, TooLarge, $"is larger than the {most:N0} bytes that the server takes");
            }

            var answer = await _stream.TryPublishAsync(
                Subject(item), message, opts: new NatsJSPubOpts { MsgId = $"{_target.Environment}:{Uuids.Format(item.Uuid)}", RetryAttempts = 1 }, cancellationToken: either.Token);
            return !answer.Success && answer.Error is NatsPayloadTooLargeException ? new Delivery(Verdict.Refused, TooLarge, "is larger, with its headers, than the server takes")
                : !answer.Success ? new Delivery(Verdict.Failed, 0, Describe(answer.Error, item))
                : answer.Value.Error is not { } error ? new Delivery(Verdict.Delivered, Status, "acknowledged")
                : error.ErrCode == MessageTooLarge ? new Delivery(Verdict.Refused, TooLarge, "is larger than the stream takes")
                : new Delivery(Verdict.Failed, Unavailable, $"JetStream answered with error {error.ErrCode}");
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested && fault is NatsException or OperationCanceledException or IOException)
        {
            return new Delivery(Verdict.Failed, 0, limit.IsCancellationRequested ? $"no answer within {_timeout.TotalSeconds:0} s" : Describe(fault, item));
        }
    }

    /// <summary>The subject of an item; what cannot stand in one is replaced by <c>_</c>.</summary>
    internal string Subject(ForwardedItem item) => _target.Subject
        .Replace("{environment}", _target.Environment, StringComparison.Ordinal)
        .Replace("{action}", Unfit().Replace(item.Name, "_"), StringComparison.Ordinal);

    private string Describe(Exception fault, ForwardedItem item) =>
        fault is NatsNoRespondersException || fault.GetType().Name.Contains("NoResponse", StringComparison.Ordinal)
            ? $"no stream of JetStream takes the subject {Subject(item)}; make one there, or let one take it"
            : $"no acknowledgement: {fault.GetType().Name}";

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unfit();
}
