using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Vitrine.Hosting;

/// <summary>What a client asks of an answer by the header <c>Prefer</c> (RFC 7240). Unknown preferences are ignored.</summary>
/// <param name="Lenient"><c>handling=lenient</c>: take what is good of a request although other parts are bad.</param>
/// <param name="Representation"><c>return=representation</c>: say what became of each part.</param>
public readonly record struct Preferences(bool Lenient, bool Representation)
{
    /// <summary>Reads the header. Of a preference that is stated more than once the first counts (RFC 7240, section 2).</summary>
    public static Preferences Of(StringValues header)
    {
        if (header.Count == 0)
        {
            return default;
        }

        string? handling = null, representation = null;
        foreach (var preference in header.SelectMany(static line => Split(line ?? "", ',')))
        {
            if (Split(preference, ';').FirstOrDefault() is not { } stated
                || !NameValueHeaderValue.TryParse(stated, out var parsed))
            {
                continue;
            }

            var value = HeaderUtilities.RemoveQuotes(parsed.Value).ToString();
            if (parsed.Name.Equals("handling", StringComparison.OrdinalIgnoreCase))
            {
                handling ??= value;
            }
            else if (parsed.Name.Equals("return", StringComparison.OrdinalIgnoreCase))
            {
                representation ??= value;
            }
        }

        return new Preferences(
            "lenient".Equals(handling, StringComparison.OrdinalIgnoreCase),
            "representation".Equals(representation, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Says in the answer which preferences were followed.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="represented">Whether it says what became of each part.</param>
    public void SayApplied(HttpResponse response, bool represented)
    {
        string[] applied = [.. Lenient ? ["handling=lenient"] : Array.Empty<string>(), .. represented ? ["return=representation"] : Array.Empty<string>()];
        if (applied.Length > 0)
        {
            response.Headers["Preference-Applied"] = string.Join(", ", applied);
        }
    }

    /// <summary>The parts between separators that stand outside of quotation marks.</summary>
    private static IEnumerable<string> Split(string text, char separator)
    {
        var (start, quoted) = (0, false);
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '\\' && quoted)
            {
                index++;
            }
            else if (text[index] == '"')
            {
                quoted = !quoted;
            }
            else if (text[index] == separator && !quoted)
            {
                yield return text[start..index].Trim();
                start = index + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
