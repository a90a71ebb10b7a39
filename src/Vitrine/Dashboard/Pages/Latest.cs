namespace Vitrine.Dashboard.Pages;

/// <summary>The latest of several questions of a page: each one that is begun cancels the one before, and the page's end cancels the last.</summary>
/// <remarks>
/// Belongs to one page, whose members run one at a time but interleave where they wait. The source is exchanged before
/// anything is waited for, so that of two who begin at once the later one is left.
/// </remarks>
internal sealed class Latest : IDisposable
{
    private CancellationTokenSource _source = new();
    private bool _isOver;

    /// <summary>Begins a question, which also ends with another token. Answers the token that it must heed.</summary>
    public async Task<CancellationToken> BeginAsync(CancellationToken page = default)
    {
        var before = _source;
        _source = CancellationTokenSource.CreateLinkedTokenSource(page);
        var token = _source.Token;
        if (_isOver)
        {
            await _source.CancelAsync();
        }

        await before.CancelAsync();
        before.Dispose();
        return token;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        _source.Cancel();
    }
}
