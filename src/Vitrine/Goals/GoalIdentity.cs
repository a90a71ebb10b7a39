using System.Text;
using System.Text.Json;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>By what an event is recognised when it comes again.</summary>
internal static class GoalIdentity
{
    private const string Prefix = "vitrine event\n";

    /// <summary>
    /// The <c>moe_event_uuid</c>, or else the <c>event_id</c>: a UUID stands for itself, of any other text one of version 8
    /// (RFC 9562) is made from its SHA-256.
    /// </summary>
    /// <returns>The uuid, or null without one; and the field that is wrong, and why.</returns>
    public static (UInt128? Uuid, string Field, string? Why) Read(JsonElement action)
    {
        var uuid = GoalText.Field(action, "moe_event_uuid");
        if (uuid.IsThere())
        {
            return GoalText.Of(uuid) is not { } text || !Uuids.TryParse(Encoding.UTF8.GetBytes(text), out var value)
                ? (null, "moe_event_uuid", "must be a UUID such as aa886712-4537-47c1-b126-2686efda2e26")
                : value == UInt128.Zero
                    ? (null, "moe_event_uuid", "is the nil UUID, which identifies nothing")
                    : (value, "", null);
        }

        var id = GoalText.Field(action, "event_id");
        return !id.IsThere() ? (null, "", null)
            : GoalText.Of(id) is not { } given || GoalText.Length(given) is < 1 or > GoalRules.MaximumIdLength
                ? (null, "event_id", $"must be a string of 1–{GoalRules.MaximumIdLength} characters")
                : Uuids.TryParse(Encoding.UTF8.GetBytes(given), out var known) && known != UInt128.Zero
                    ? (known, "", null)
                    : (Of(given), "", null);
    }

    /// <summary>The uuid that stands for an id.</summary>
    internal static UInt128 Of(string id) => Uuids.OfText(Prefix + id);
}
