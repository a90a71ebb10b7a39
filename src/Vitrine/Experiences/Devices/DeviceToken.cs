using System.Text;

namespace Vitrine.Experiences.Devices;

/// <summary>What a user agent is searched for, and what finding it means.</summary>
/// <param name="text">The text to find, in lower case.</param>
/// <param name="name">What it means.</param>
/// <param name="also">What must be there too, anywhere; null: nothing.</param>
internal sealed class DeviceToken(string text, string name, string? also = null)
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(text);
    private readonly byte[] _also = Encoding.UTF8.GetBytes(also ?? "");

    /// <summary>What it means.</summary>
    public string Name => name;

    /// <summary>The same in UTF-8.</summary>
    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>Whether a user agent in lower case has it.</summary>
    public bool IsIn(ReadOnlySpan<byte> userAgent) =>
        userAgent.IndexOf(_text) >= 0 && (_also.Length == 0 || userAgent.IndexOf(_also) >= 0);

    /// <summary>The meaning of the first token that a user agent has; empty when it has none.</summary>
    public static ReadOnlySpan<byte> Find(DeviceToken[] tokens, scoped ReadOnlySpan<byte> userAgent)
    {
        foreach (var token in tokens)
        {
            if (token.IsIn(userAgent))
            {
                return token.Utf8Name;
            }
        }

        return default;
    }

    /// <summary>The meanings that tokens can have, each once.</summary>
    public static IReadOnlyList<string> Names(DeviceToken[] tokens) => [.. tokens.Select(static token => token.Name).Distinct()];
}
