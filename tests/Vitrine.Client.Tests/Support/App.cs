using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Vitrine.Client.Tests.Support;

/// <summary>An app with a folder, a clock that is set by hand, and a server that answers as it is told.</summary>
internal sealed class App : IAsyncDisposable
{
    public static readonly ExperienceContext Context = new("66d55ae445921e4d35ae4368_F_T_WP_AB_1_P_0_AU_5A", "Homepage banner", "0", "1", "All Users", "5A");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly List<VitrineClient> _clients = [];

    public FakeServer Server { get; } = new();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2024, 9, 2, 6, 31, 6, TimeSpan.Zero));

    public string Folder => _folder.Path;

    public VitrineClient Start(Action<VitrineOptions>? configure = null, ILoggerFactory? logs = null)
    {
        var options = new VitrineOptions
        {
            Host = new Uri("https://vitrine.example"),
            Workspace = "SHOP",
            Key = "vck_0123456789",
            Folder = _folder.Path,
            TimeProvider = Time,
            HttpClient = new HttpClient(Server, disposeHandler: false),
            DisposeLimit = TimeSpan.Zero,
        };
        configure?.Invoke(options);
        var client = new VitrineClient(options, logs);
        _clients.Add(client);
        return client;
    }

    /// <summary>Lets the clock run until something is so.</summary>
    public async Task RunUntilAsync(string what, Func<bool> isSo, TimeSpan? step = null)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(Limit, what);
            Time.Advance(step ?? TimeSpan.FromMilliseconds(500));
            await Task.Delay(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        Server.Dispose();
        _folder.Dispose();
    }
}
