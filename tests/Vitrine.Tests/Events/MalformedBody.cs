namespace Vitrine.Tests.Events;

/// <summary>A body that no server should take, and what it is answered.</summary>
public sealed record MalformedBody(byte[] Bytes, string Title, string? Encoding = null)
{
    public const string Malformed = "Malformed JSON";
    public const string Empty = "Empty request body";
    public const string Invalid = "Invalid Field Value";
    public const string TooLarge = "Payload too large";

    public int Status => Title == TooLarge ? 413 : 400;

    public static MalformedBody Of(string text, string title = Malformed) => new(System.Text.Encoding.UTF8.GetBytes(text), title);

    public static MalformedBody Of(byte[] bytes, string title = Malformed, string? encoding = null) => new(bytes, title, encoding);

    /// <summary>Latin-1, so that a character is a byte.</summary>
    public static byte[] Raw(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
