namespace Vitrine.EndToEnd.Support;

/// <summary>One server for tests that leave it as it is, each with a workspace of its own, which is as good as a server.</summary>
public sealed class SharedServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ServerProcess? _server;
    private int _workspaces;

    /// <summary>Its data folder.</summary>
    internal string Data => _folder["data"];

    /// <summary>Opens a new workspace; the first one starts the server.</summary>
    internal async Task<ServerProcess> OpenAsync()
    {
        _server ??= await ServerProcess.StartAsync(Data);
        var number = ++_workspaces;
        var server = _server.As($"SHOP{number}", $"a-key-of-workspace-{number}");
        (await VitrineCommand.RunAsync("workspace", "create", server.Workspace, "--new-key", server.Key, "--data", Data)).ShouldSucceed();
        using var client = server.Client();
        await Poll.UntilAsync("the workspace is known", TimeSpan.FromSeconds(10), async () => (await client.GetAsync("/api/v1/ledger")).Status == 200);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }
}
