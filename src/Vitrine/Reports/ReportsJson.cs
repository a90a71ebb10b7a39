using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Reports;

/// <summary>The serialised shapes of this folder.</summary>
[JsonSerializable(typeof(ExperienceListAnswer))]
[JsonSerializable(typeof(ExperienceReportAnswer))]
[JsonSerializable(typeof(BucketAnswer[]))]
[JsonSerializable(typeof(Figures))]
[JsonSerializable(typeof(LedgerAnswer))]
[JsonSerializable(typeof(EventReceipts))]
[JsonSerializable(typeof(RequestReceipt))]
[JsonSerializable(typeof(CampaignStatsBody))]
[JsonSerializable(typeof(CampaignStatsAnswer))]
internal sealed partial class ReportsJson : JsonSerializerContext
{
    /// <summary>Leaves quotation marks and letters beyond ASCII readable.</summary>
    public static ReportsJson Readable { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
