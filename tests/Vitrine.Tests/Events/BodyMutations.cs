using System.Text;
using System.Text.Json.Nodes;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Events;

/// <summary>Makes good bodies and then spoils them: in their structure, in their text, in their bytes.</summary>
public static class BodyMutations
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "5", "1.5", "1e3", "12", "54000", "-54001", "1262304000", "1262303999", "1795521600000", "99999999999999999999",
        "\"\"", "\"x\"", "\"xy\"", "\"NULL\"", "\"n/a\"", "\"web\"", "\"iOS\"", "\"1795500000\"", "\"\\ud800\"", "\"\\ud83d\\udc4d\"", "\"\\u0000a\"", "\"größe\"",
        "[]", "[1,\"a\",null]", "[[]]", "{}", "{\"a\":1}", "{\"a\":{\"b\":[1, 2]}}", "{\"a\":\"\\udc00\"}", "{ \"a\" :\n1 }",
    ];

    private static readonly string[] Names =
    [
        "elements", "customer_id", "user_attributes", "user_timezone_offset", "actions", "action", "moe_event_uuid", "event_time", "platform",
        "attributes", "cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id", "type", "b_id", "extra", "",
        "\\u0061ction", "cust\\u006fmer_id", "\\ud800",
    ];

    private static readonly string[] Snippets = ["\"", "{", "}", "[", "]", ",", ":", "\\", "\\u", "0", "-", ".", "e", " ", "\n", "\0", "/*", "é", "\uFEFF", "null"];

    public static byte[] Make(Seeded random)
    {
        var text = Body(random);
        for (var count = random.Next(4); count > 0; count--)
        {
            text = random.Next(5) switch
            {
                0 => ReplaceValue(random, text),
                1 => AddField(random, text),
                2 => AddField(random, text, repeated: true),
                3 => RenameField(random, text),
                _ => random.OneIn(3) ? Snip(random, text) : ReplaceValue(random, text),
            };
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return random.OneIn(12) ? Spoil(random, bytes) : bytes;
    }

    private static string Body(Seeded random) => new JsonObject
    {
        ["elements"] = new JsonArray([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => Element(random))]),
    }.ToJsonString();

    private static JsonObject Element(Seeded random)
    {
        var element = new JsonObject { ["customer_id"] = $"customer-{random.Next(50)}" };
        if (random.OneIn(3))
        {
            element["user_timezone_offset"] = random.Between(-54_000, 54_000);
        }

        if (random.OneIn(3))
        {
            element["user_attributes"] = new JsonObject { ["age"] = random.Next(90), ["tags"] = new JsonArray("a", 1) };
        }

        element["actions"] = new JsonArray([.. GeneratedEvents.Make(random, 1 + random.Next(3)).Select(static one => one.Action())]);
        return element;
    }

    private static string ReplaceValue(Seeded random, string text)
    {
        var colon = Find(random, text, ':');
        var end = text.IndexOfAny([',', '}'], colon + 1);
        return end < 0 ? text : text[..(colon + 1)] + Value(random) + text[end..];
    }

    private static string AddField(Seeded random, string text, bool repeated = false)
    {
        var brace = Find(random, text, repeated ? '}' : '{');
        var field = $"\"{random.Pick(Names)}\":{Value(random)}";
        return repeated ? $"{text[..brace]},{field}{text[brace..]}" : $"{text[..(brace + 1)]}{field},{text[(brace + 1)..]}";
    }

    private static string RenameField(Seeded random, string text)
    {
        var colon = Find(random, text, ':');
        var start = colon < 2 ? -1 : text.LastIndexOf('"', colon - 2);
        return start < 0 ? text : $"{text[..start]}\"{random.Pick(Names)}\"{text[colon..]}";
    }

    private static string Snip(Seeded random, string text)
    {
        var start = random.Next(text.Length);
        var length = Math.Min(random.Next(8), text.Length - start);
        return text[..start] + (random.OneIn(2) ? random.Pick(Snippets) : "") + text[(start + length)..];
    }

    private static byte[] Spoil(Seeded random, byte[] bytes)
    {
        switch (random.Next(3))
        {
            case 0:
                return bytes[..random.Next(bytes.Length + 1)];
            case 1:
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            default:
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
        }
    }

    private static string Value(Seeded random) => random.Next(30) switch
    {
        0 => $"\"{new string('x', (int)random.Between(500, 520))}\"",
        1 => $"[{string.Join(',', Enumerable.Range(0, (int)random.Between(95, 105)))}]",
        2 => $"\"{new string('é', (int)random.Between(250, 260))}\"",
        3 => $"\"{new string('y', (int)random.Between(1020, 1030))}\"",
        4 => $"[{string.Join(", ", Enumerable.Range(0, (int)random.Between(120, 160)))}]",
        5 => $"{{{string.Join(',', Enumerable.Range(0, (int)random.Between(98, 103)).Select(static index => $"\"k{index}\":{index}"))}}}",
        _ => random.Pick(Values),
    };

    /// <summary>A random occurrence of a character, or 0.</summary>
    private static int Find(Seeded random, string text, char character)
    {
        var found = text.Length == 0 ? -1 : text.IndexOf(character, random.Next(text.Length));
        return found >= 0 ? found : Math.Max(0, text.IndexOf(character, StringComparison.Ordinal));
    }
}
