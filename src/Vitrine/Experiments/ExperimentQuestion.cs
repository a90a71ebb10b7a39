using Vitrine.Conversions;
using Vitrine.Reports;
using Vitrine.Statistics;

namespace Vitrine.Experiments;

/// <summary>What is asked about the variations of an experience.</summary>
internal sealed record ExperimentQuestion
{
    /// <summary>Whose experience.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The part of its cids before the first underscore.</summary>
    public required string ExperienceId { get; init; }

    /// <summary>The stretch of time in which customers were exposed.</summary>
    public required ReportRange Range { get; init; }

    /// <summary>Until when something can have happened, in Unix seconds: the end of the range or now, whichever is earlier.</summary>
    public required long Until { get; init; }

    /// <summary>The present moment, in Unix seconds.</summary>
    public required long Now { get; init; }

    /// <summary>Whether nobody will be exposed any more in the range.</summary>
    public bool IsOver => Until < Now;

    /// <summary>By what they are compared.</summary>
    public required ExperimentMetric Metric { get; init; }

    /// <summary>How they are compared.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>Whether p-values are corrected by Benjamini and Hochberg instead of Holm.</summary>
    public bool ControlsDiscoveries { get; init; }

    /// <summary>What they are compared with; null: the first variation.</summary>
    public string? Baseline { get; init; }

    /// <summary>Only this audience; null: all of them.</summary>
    public string? AudienceId { get; init; }

    /// <summary>The goals of the experience; null where none are known.</summary>
    public ExperienceGoals? Goals { get; init; }

    /// <summary>The goal's place among them.</summary>
    public int Goal { get; init; }

    /// <summary>Of revenue: the only currency that counts; null: one that nobody named.</summary>
    public string? Currency { get; init; }

    /// <summary>What goal events count for.</summary>
    public AttributionModel Attribution { get; init; }

    /// <summary>Whether only customers count whose attribution window has passed since they were first exposed.</summary>
    public bool CompletedWindowsOnly { get; init; }

    /// <summary>Values above this percentile are taken to lie at it; null: none are.</summary>
    public double? Winsorise { get; init; }

    /// <summary>Days before the first exposure whose behaviour is taken out (CUPED); null: nothing is.</summary>
    public int? CovariateDays { get; init; }

    /// <summary>The attribution window of goal events in seconds; without goals the default.</summary>
    public long WindowSeconds => Attribution.WindowSeconds(Goals?.WindowHours ?? 36);

    /// <summary>Seconds before the first exposure whose behaviour is taken out; 0 where none is.</summary>
    public long CovariateSeconds() => (CovariateDays ?? 0) * 86_400L;
}
