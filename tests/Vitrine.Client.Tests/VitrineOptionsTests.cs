namespace Vitrine.Client.Tests;

public sealed class VitrineOptionsTests
{
    public static TheoryData<string, Action<VitrineOptions>> Faults { get; } = new()
    {
        { "Host", static options => options.Host = null },
        { "Host", static options => options.Host = new Uri("/v1", UriKind.Relative) },
        { "Host", static options => options.Host = new Uri("ftp://vitrine.example") },
        { "Workspace", static options => options.Workspace = "" },
        { "Workspace", static options => options.Workspace = "SHOP:1" },
        { "Key", static options => options.Key = "" },
        { "BatchDelay", static options => options.BatchDelay = TimeSpan.FromSeconds(-1) },
        { "BatchSize", static options => options.BatchSize = 0 },
        { "BatchSize", static options => options.BatchSize = 101 },
        { "MaximumQueueBytes", static options => options.MaximumQueueBytes = 65_535 },
        { "RequestTimeout", static options => options.RequestTimeout = TimeSpan.Zero },
        { "RequestTimeout", static options => options.RequestTimeout = TimeSpan.MaxValue },
        { "DisposeLimit", static options => options.DisposeLimit = TimeSpan.FromSeconds(-1) },
        { "TimeProvider", static options => options.TimeProvider = null! },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_cannot_be_is_refused_by_name(string name, Action<VitrineOptions> fault)
    {
        var options = new VitrineOptions { Host = new Uri("https://vitrine.example"), Workspace = "SHOP", Key = "key" };
        fault(options);
        Should.Throw<ArgumentException>(() => new VitrineClient(options)).Message.ShouldContain($"VitrineOptions.{name} is");
    }
}
