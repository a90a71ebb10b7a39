namespace Vitrine.Experiences.Templates;

/// <summary>The attributes that a payload variable reads, by the names that follow <c>user.</c> and <c>request.</c>.</summary>
internal sealed class AttributesRead
{
    /// <summary>The customer's.</summary>
    public HashSet<string> User { get; } = new(StringComparer.Ordinal);

    /// <summary>The request's.</summary>
    public HashSet<string> Request { get; } = new(StringComparer.Ordinal);
}
