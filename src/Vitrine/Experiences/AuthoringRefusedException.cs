using Vitrine.Hosting;

namespace Vitrine.Experiences;

/// <summary>A change of an experience was refused, and nothing was changed.</summary>
/// <param name="status">The HTTP status that says so.</param>
/// <param name="message">What was wrong and what would be right.</param>
/// <param name="errors">What was wrong with which part of the document.</param>
public sealed class AuthoringRefusedException(int status, string message, IReadOnlyList<ApiFieldError>? errors = null) : Exception(message)
{
    /// <summary>The HTTP status that says so.</summary>
    public int Status => status;

    /// <summary>What was wrong with which part of the document; empty when it is not about parts.</summary>
    public IReadOnlyList<ApiFieldError> Errors => errors ?? [];

    /// <summary>There is no experience of that key.</summary>
    public static AuthoringRefusedException Unknown(string key) =>
        new(StatusCodes.Status404NotFound, $"There is no experience '{key}' in this environment.");

    /// <summary>Somebody else changed it first.</summary>
    public static AuthoringRefusedException Overtaken(StoredExperience present) =>
        new(StatusCodes.Status412PreconditionFailed, $"The experience was changed meanwhile, by {present.Experience.Updated.By} at {present.Experience.Updated.At:u}. Read it again, and repeat your change on what it is now; nothing of yours was stored, nothing of theirs was lost.");

    /// <summary>Its state does not allow it.</summary>
    public static AuthoringRefusedException Conflict(string message) => new(StatusCodes.Status409Conflict, message);

    /// <summary>The document is not as it must be.</summary>
    public static AuthoringRefusedException Invalid(IReadOnlyList<ApiFieldError> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, "The experience was not stored: " + (errors.Count == 1 ? "one thing is wrong with it." : $"{errors.Count} things are wrong with it."), errors);
}
