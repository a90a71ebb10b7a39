using System.Globalization;
using System.Text;

namespace Vitrine.EndToEnd.Support;

/// <summary>Events as a client sends them. Everything about an event follows from its uuid, so that it can be checked later.</summary>
internal static class Bodies
{
    /// <summary>The experience that all of them are about.</summary>
    public const string Experience = "66d55ae445921e4d35ae4368";

    private const long Time = 1_725_258_666;

    /// <summary>Whose event it is.</summary>
    public static string Customer(Guid uuid) => $"customer-{uuid.ToByteArray()[0]:x2}";

    /// <summary>Which variation it is about.</summary>
    public static string Variation(Guid uuid) => (uuid.ToByteArray()[1] % 3).ToString(CultureInfo.InvariantCulture);

    /// <summary>A body with an element for each event, up to 100.</summary>
    public static string Of(params IReadOnlyCollection<Guid> uuids) => $$"""{"elements":[{{string.Join(',', uuids.Select(Element))}}]}""";

    /// <summary>A body with so many new events.</summary>
    public static string New(int events) => Of([.. Enumerable.Range(0, events).Select(static _ => Guid.NewGuid())]);

    /// <summary>A body of about so many bytes, which do not compress well.</summary>
    public static string Large(Guid uuid, int bytes)
    {
        var text = new StringBuilder(bytes);
        var padding = new Seeded((ulong)uuid.GetHashCode());
        for (var key = 0; text.Length < bytes; key++)
        {
            text.Append(key == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $"\"k{key}\":\"");
            for (var part = 0; part < 31; part++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{padding.Next():x16}");
            }

            text.Append('"');
        }

        return $$"""{"elements":[{{Element(uuid, text.ToString())}}]}""";
    }

    /// <summary>One element with one impression.</summary>
    public static string Element(Guid uuid) => Element(uuid, "");

    private static string Element(Guid uuid, string attributes) =>
        $$$"""{"customer_id":"{{{Customer(uuid)}}}","actions":[{"action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","moe_event_uuid":"{{{uuid}}}","event_time":{{{Time}}},"platform":"web","attributes":{"cid":"{{{Experience}}}_F_T_WP_AB_{{{Variation(uuid)}}}_P_0_AU_5A","experience":"Homepage banner","moe_locale_id":"0","moe_variation_id":"{{{Variation(uuid)}}}","audience_name":"All Users","audience_id":"5A"{{{(attributes.Length > 0 ? "," : "")}}}{{{attributes}}} }}]}""";
}
