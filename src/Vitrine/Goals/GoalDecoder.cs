using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>
/// Reads a body of <c>POST /v1/event/{workspaceId}</c>. Reading goes on behind an error, so that an answer can name many
/// and the ledger can count every event. The last of repeated fields wins. Used once.
/// </summary>
internal sealed partial class GoalDecoder
{
    private readonly List<GoalError> _errors = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(GoalAction Action, int Errors)> _drafts = [];
    private long _now;

    /// <summary>Holds the body, and behind it what the request's slices refer to.</summary>
    public ByteWriter Source { get; } = new();

    /// <summary>What the body held.</summary>
    public GoalRequest Request { get; } = new();

    /// <summary>What was wrong, in the order of the body.</summary>
    public IReadOnlyList<GoalError> Errors => _errors;

    /// <summary>Decodes the body that was written to <see cref="Source"/>.</summary>
    /// <param name="now">Unix milliseconds of receipt.</param>
    /// <param name="lenient">Whether good events are kept although others are bad.</param>
    /// <returns>The request's refusal: <see cref="RejectionReason.None"/> when there is something to store.</returns>
    public RejectionReason Decode(long now, bool lenient)
    {
        _now = now;
        Request.ReceivedAt = now;
        Request.Refusal = ReadBody(Source.Written.ToArray());
        if (Request.Refusal == RejectionReason.None)
        {
            Settle(lenient);
        }

        return Request.Refusal;
    }

    /// <summary>Notes that the body could not even be read; answers the reason.</summary>
    public RejectionReason Refuse(long now, RejectionReason reason)
    {
        (Request.ReceivedAt, Request.Refusal) = (now, reason);
        return reason;
    }

    private RejectionReason ReadBody(byte[] bytes)
    {
        var body = bytes.AsMemory(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0);
        if (body.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            return RejectionReason.EmptyBody;
        }

        if (!Utf8.IsValid(body.Span))
        {
            return RejectionReason.MalformedJson;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            ReadRoot(document.RootElement);
            return RejectionReason.None;
        }
        catch (JsonException)
        {
            return RejectionReason.MalformedJson;
        }
    }

    private void ReadRoot(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Fail(-1, "", RejectionReason.InvalidActions, $"the body must be an object, not {JsonText.Describe(root.ValueKind)}");
            return;
        }

        if (GoalText.Field(root, "type") is var type && GoalText.Of(type) != "event")
        {
            Fail(-1, "type", RejectionReason.InvalidAction, type.IsThere() ? "must be \"event\"" : "is required: it must be \"event\"");
        }

        ReadCustomer(GoalText.Field(root, "customer_id"));
        var actions = GoalText.Field(root, "actions");
        if (actions.ValueKind != JsonValueKind.Array || actions.GetArrayLength() is 0 or > GoalRules.MaximumActions)
        {
            Fail(
                -1,
                "actions",
                RejectionReason.InvalidActions,
                !actions.IsThere() ? $"is required: an array of 1–{GoalRules.MaximumActions} objects"
                : actions.ValueKind != JsonValueKind.Array ? $"must be an array of 1–{GoalRules.MaximumActions} objects, not {JsonText.Describe(actions.ValueKind)}"
                : $"has {actions.GetArrayLength()} items; 1–{GoalRules.MaximumActions} are allowed");
        }

        if (actions.ValueKind == JsonValueKind.Array)
        {
            foreach (var action in actions.EnumerateArray().Take(GoalRules.MaximumActions))
            {
                ReadAction(action, _drafts.Count);
            }
        }
    }

    private void ReadCustomer(JsonElement customer)
    {
        var id = Encoding.UTF8.GetBytes(GoalText.Of(customer) ?? "");
        var why = !customer.IsThere() ? $"is required: the customer's id, a string of 2–{CustomerRules.MaximumIdBytes} bytes"
            : customer.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) ? $"must be a string, not {JsonText.Describe(customer.ValueKind)}"
            : GoalText.Of(customer) is null ? "is not Unicode text: it holds half of a surrogate pair"
            : CustomerRules.WhyNotId(id);
        if (why is not null)
        {
            Fail(-1, "customer_id", RejectionReason.InvalidCustomerId, why);
            return;
        }

        Request.CustomerId = Keep(id);
    }

    /// <summary>Turns the drafts into what is stored and what is refused.</summary>
    private void Settle(bool lenient)
    {
        Request.ReceivedEvents = _drafts.Count;
        var ofRequest = _errors.FindIndex(static error => error.Action < 0);
        Request.Refusal = _errors.Count > 0 && (!lenient || ofRequest >= 0) ? _errors[0].Code : RejectionReason.None;
        var keepsGood = Request.Refusal == RejectionReason.None;
        foreach (var (action, errors) in _drafts)
        {
            var error = ofRequest >= 0 ? ofRequest : errors;
            if (keepsGood && error < 0)
            {
                Request.Actions.Add(action);
            }
            else if (error < 0)
            {
                Request.Rejections.Add(new EventRejection(
                    GoalRequest.NoElement, action.Index, RejectionReason.RefusedWithRequest, action.Uuid, default, default, OfElement: false));
            }
            else
            {
                Request.Rejections.Add(new EventRejection(
                    GoalRequest.NoElement, action.Index, _errors[error].Code, action.Uuid, Keep(_errors[error].Field), Keep(_errors[error].Reason), ofRequest >= 0));
            }
        }

        if (!keepsGood)
        {
            Request.CustomerId = default;
        }

        if (Request.Actions.Count == 0)
        {
            Request.Names.Clear();
        }
    }

    private Slice Keep(string text) => Keep(Encoding.UTF8.GetBytes(text));

    private Slice Keep(byte[] bytes)
    {
        var start = Source.Length;
        Source.WriteRaw(bytes);
        return new Slice(start, bytes.Length);
    }

    private void Fail(int action, string field, RejectionReason code, string reason) => _errors.Add(new GoalError(action, field, code, reason));
}
