using Microsoft.Net.Http.Headers;

namespace Vitrine.Reports;

/// <summary>Whether a client wants JSON or CSV.</summary>
internal enum AnswerFormat
{
    /// <summary><c>application/json</c>, the default.</summary>
    Json,

    /// <summary><c>text/csv</c>.</summary>
    Csv,

    /// <summary>Something that reports are not written in.</summary>
    Other,
}

/// <summary>Reads the Accept header.</summary>
internal static class AnswerFormats
{
    /// <summary>The format that the header prefers.</summary>
    public static AnswerFormat Of(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
        {
            return AnswerFormat.Json;
        }

        var refused = accepted.Where(static type => type.Quality == 0).Select(static type => type.MediaType.ToString()).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var type in accepted.Where(static type => type.Quality != 0).OrderByDescending(static type => type.Quality ?? 1))
        {
            if (type.MatchesMediaType("application/json") && !refused.Contains("application/json"))
            {
                return AnswerFormat.Json;
            }

            if (type.MatchesMediaType("text/csv") && !refused.Contains("text/csv"))
            {
                return AnswerFormat.Csv;
            }
        }

        return AnswerFormat.Other;
    }
}
