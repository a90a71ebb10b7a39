using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary>
/// Reads the projection for a report. Waits a moment for what was acknowledged before the question, so that whoever
/// has just reported an event finds it counted; under load the answer's <c>as_of</c> says how far it reaches.
/// </summary>
public sealed class ReportSource(IJournal journal, Projector projector, ProjectionReader reader)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Asks the projection.</summary>
    public async Task<T> ReadAsync<T>(WorkspaceEnvironment environment, Func<DuckDBConnection, T> query, CancellationToken cancellation)
    {
        await projector.WaitForAsync(journal.Head, Patience, cancellation);
        return await reader.ReadAsync(environment.Workspace.Id, query, cancellation);
    }

    /// <summary>Asks the projection for something long, on turns of its own so that reports do not wait for it.</summary>
    public async Task<T> ExportAsync<T>(
        WorkspaceEnvironment environment, Func<DuckDBConnection, CancellationToken, T> query, CancellationToken cancellation)
    {
        await projector.WaitForAsync(journal.Head, Patience, cancellation);
        return await reader.ExportAsync(environment.Workspace.Id, query, cancellation);
    }
}
