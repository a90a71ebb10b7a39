using System.Globalization;
using Vitrine.Projection;

namespace Vitrine.Reports;

/// <summary>Says in headers up to which journal record an answer is complete: a table has no place for it.</summary>
internal static class AsOfHeaders
{
    /// <summary>The position of the last record that is in the answer; 0 before the first.</summary>
    public const string Position = "Vitrine-As-Of-Position";

    /// <summary>When that record was received; absent before the first.</summary>
    public const string ReceivedAt = "Vitrine-As-Of-Received-At";

    /// <summary>Sets the headers of an answer that has not begun.</summary>
    public static void Set(HttpResponse response, AsOf asOf)
    {
        response.Headers[Position] = asOf.Position.ToString(CultureInfo.InvariantCulture);
        if (asOf.ReceivedAt is { } receivedAt)
        {
            response.Headers[ReceivedAt] = receivedAt;
        }
    }
}
