using Microsoft.Net.Http.Headers;

namespace Vitrine.Experiences;

/// <summary>The states of an experience that a caller says he may have seen: the <c>If-Match</c> header (RFC 9110).</summary>
public sealed class EntityTags
{
    private readonly IList<EntityTagHeaderValue> _tags;

    private EntityTags(IList<EntityTagHeaderValue> tags) => _tags = tags;

    /// <summary>The tags of a request; null without any.</summary>
    /// <exception cref="AuthoringRefusedException">The header cannot be read.</exception>
    public static EntityTags? Of(HttpRequest request) =>
        request.Headers.IfMatch.Count == 0 ? null
        : EntityTagHeaderValue.TryParseStrictList([.. request.Headers.IfMatch!], out var tags) ? new EntityTags(tags)
        : throw new AuthoringRefusedException(StatusCodes.Status400BadRequest, "If-Match must hold the ETag of the experience as it was answered, with its quotation marks.");

    /// <summary>The one state that somebody saw.</summary>
    public static EntityTags Of(StoredExperience seen) => new([new EntityTagHeaderValue(seen.EntityTag)]);

    /// <summary>Whether a state is among them.</summary>
    public bool Match(string entityTag) => _tags.Any(tag =>
        tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.Equals(entityTag, StringComparison.Ordinal)));
}
