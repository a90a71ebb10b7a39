namespace Vitrine.Workspaces;

/// <summary>
/// A key that may be published, in a page or an app: it reports impressions and clicks, fetches and lists experiences, and
/// opens nothing else. It is no secret, and is kept as it is.
/// </summary>
/// <param name="Key">The key, beginning with <see cref="Prefix"/>.</param>
/// <param name="Origins">The origins of pages that may use it, such as <c>https://shop.example</c>, or <c>*</c> for all. What is sent without an origin, as apps do, is not held to them.</param>
/// <param name="RequestsPerMinute">How many requests are taken in a minute of the clock; null: any number.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">From then on it opens nothing; null: until it is replaced or revoked.</param>
public sealed record ClientKey(string Key, IReadOnlyList<string> Origins, int? RequestsPerMinute, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt)
{
    /// <summary>By which a client key is told from a secret one.</summary>
    public const string Prefix = "vck_";

    /// <summary>Stands for all origins.</summary>
    public const string AnyOrigin = "*";

    /// <summary>Whether it opens anything at a moment.</summary>
    public bool IsValidAt(DateTimeOffset moment) => ExpiresAt is not { } end || moment < end;

    /// <summary>Whether a page of an origin may use it; null: what is sent names none.</summary>
    public bool Allows(string? origin) => origin is null || Origins.Contains(origin, StringComparer.Ordinal) || Origins.Contains(AnyOrigin, StringComparer.Ordinal);
}
