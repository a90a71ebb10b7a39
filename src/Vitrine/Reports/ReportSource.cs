using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Reports.Pages;
using Vitrine.Workspaces;

namespace Vitrine.Reports;

/// <summary>
/// Reads the projection for a report. Waits a moment for what was acknowledged before the question, so that whoever
/// has just reported an event finds it counted; under load the answer's <c>as_of</c> says how far it reaches.
/// </summary>
public sealed class ReportSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IJournal _journal;
    private readonly Projector _projector;
    private readonly ProjectionReader _reader;
    private readonly PageStore _pages;

    internal ReportSource(IJournal journal, Projector projector, ProjectionReader reader, PageStore pages) =>
        (_journal, _projector, _reader, _pages) = (journal, projector, reader, pages);

    /// <summary>Asks the projection.</summary>
    public async Task<T> ReadAsync<T>(WorkspaceEnvironment environment, Func<DuckDBConnection, T> query, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await _reader.ReadAsync(environment.Workspace.Id, query, cancellation);
    }

    /// <summary>Asks the projection, with the pages that are kept of it at hand.</summary>
    internal async Task<T> ReadAsync<T>(
        WorkspaceEnvironment environment, Func<DuckDBConnection, PageReader, CancellationToken, T> query, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await _reader.ReadAsync(
            environment.Workspace.Id,
            (connection, stop) => query(connection, new PageReader(_pages, _reader.Generation, stop), stop),
            cancellation);
    }

    /// <summary>Asks the projection for something long, on turns of its own so that reports do not wait for it.</summary>
    public async Task<T> ExportAsync<T>(
        WorkspaceEnvironment environment, Func<DuckDBConnection, CancellationToken, T> query, CancellationToken cancellation)
    {
        await CatchUpAsync(cancellation);
        return await _reader.ExportAsync(environment.Workspace.Id, query, cancellation);
    }

    /// <summary>Waits for what was acknowledged before the question, for a while.</summary>
    private async Task CatchUpAsync(CancellationToken cancellation) =>
        await _projector.WaitForAsync(await _journal.FindHeadAsync(cancellation), Patience, cancellation);
}
