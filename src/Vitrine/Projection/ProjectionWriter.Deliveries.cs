using System.Text;
using Vitrine.Journal.Records;

namespace Vitrine.Projection;

internal sealed partial class ProjectionWriter
{
    private readonly DeliveryCounts _deliveries = new();

    private void ApplyDeliveries(long position, ReadOnlySpan<byte> record)
    {
        if (ReadOrQuarantine(position, record, DeliveredCountsCodec.Read) is not { } counts)
        {
            return;
        }

        _receivedAt = counts.ReceivedAt;
        var environment = EnvironmentNumber(Encoding.UTF8.GetBytes(counts.Environment));
        foreach (var one in counts.Counts)
        {
            _deliveries.Add(environment, one);
        }

        PendingEvents += counts.Counts.Count + 1;
    }
}
