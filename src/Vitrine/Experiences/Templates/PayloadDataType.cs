namespace Vitrine.Experiences.Templates;

/// <summary>What a client reads a payload variable as.</summary>
public enum PayloadDataType
{
    /// <summary><c>string</c>: a JSON string.</summary>
    Text,

    /// <summary><c>number</c>: a JSON number of up to 28 digits, without an exponent.</summary>
    Number,

    /// <summary><c>boolean</c>: <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary><c>float</c>: a JSON number of double precision.</summary>
    FloatingPoint,

    /// <summary><c>json</c>: any JSON value.</summary>
    Json,
}

/// <summary>The words of the wire for data types.</summary>
internal static class PayloadDataTypes
{
    /// <summary>The type of a word; null when there is no such type.</summary>
    public static PayloadDataType? Of(string? word) => word switch
    {
        "string" => PayloadDataType.Text,
        "number" => PayloadDataType.Number,
        "boolean" => PayloadDataType.Boolean,
        "float" => PayloadDataType.FloatingPoint,
        "json" => PayloadDataType.Json,
        _ => null,
    };

    /// <summary>The word of a type.</summary>
    public static ReadOnlySpan<byte> Word(this PayloadDataType type) => type switch
    {
        PayloadDataType.Text => "string"u8,
        PayloadDataType.Number => "number"u8,
        PayloadDataType.Boolean => "boolean"u8,
        PayloadDataType.FloatingPoint => "float"u8,
        _ => "json"u8,
    };
}
