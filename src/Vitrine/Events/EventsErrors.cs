using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>The contract's words for a refused request.</summary>
public static class EventsErrors
{
    /// <summary>How many errors the answer to a refused request names.</summary>
    public const int MaximumErrors = 20;

    /// <summary>The error that answers a refusal.</summary>
    public static ApiError Of(RejectionReason refusal, IReadOnlyList<FieldError> errors) => refusal switch
    {
        RejectionReason.EmptyBody => ApiError.EmptyBody,
        RejectionReason.MalformedJson => ApiError.MalformedJson,
        RejectionReason.PayloadTooLarge => ApiError.TooLarge(EventsRules.MaximumBodyBytes),
        RejectionReason.UnsupportedMediaType => ApiError.UnsupportedMediaType,
        _ => ApiError.InvalidFields(
            $"elements - Validators Failed : Validator: Element, Errored Field: {errors[0].ErroredField}",
            List(errors, MaximumErrors)),
    };

    /// <summary>For a lenient answer: the first error of each element or event that was refused.</summary>
    public static IReadOnlyList<ApiFieldError> ListRefused(IReadOnlyList<FieldError> errors) =>
        List([.. errors.DistinctBy(static error => (error.Element, error.Action))]);

    /// <summary>Errors as they stand in an answer.</summary>
    private static IReadOnlyList<ApiFieldError> List(IReadOnlyList<FieldError> errors, int maximum = int.MaxValue) =>
        [.. errors.Take(maximum).Select(static error => new ApiFieldError(error.Path, error.Reason))];
}
