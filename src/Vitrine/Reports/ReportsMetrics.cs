using Prometheus;

namespace Vitrine.Reports;

/// <summary>What reports count: where their figures came from, and the memory of the pages.</summary>
public sealed class ReportsMetrics
{
    private readonly Counter.Child _fromPages;
    private readonly Counter.Child _fromEvents;
    private readonly Gauge _pageBytes;

    /// <summary>Registers the figures.</summary>
    public ReportsMetrics(CollectorRegistry registry)
    {
        var factory = Metrics.WithCustomRegistry(registry);
        var reports = factory.CreateCounter("vitrine_reports_total", "Reports on experiences, by where their figures came from.", "source");
        _fromPages = reports.WithLabels("pages");
        _fromEvents = reports.WithLabels("events");
        _pageBytes = factory.CreateGauge("vitrine_report_page_bytes", "Memory of the pages that reports keep.");
    }

    /// <summary>Reports answered from pages.</summary>
    public long FromPages => (long)_fromPages.Value;

    /// <summary>Reports answered from the events themselves.</summary>
    public long FromEvents => (long)_fromEvents.Value;

    internal void Answered(bool fromPages) => (fromPages ? _fromPages : _fromEvents).Inc();

    internal void PagesHold(long bytes) => _pageBytes.Set(bytes);
}
