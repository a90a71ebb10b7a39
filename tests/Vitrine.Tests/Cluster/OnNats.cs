using Vitrine.Tests.Support;

namespace Vitrine.Tests.Cluster;

/// <summary>Tests that share three nats-servers, each with a cluster of its own on them.</summary>
[CollectionDefinition(Name)]
public sealed class OnNats : ICollectionFixture<NatsServers>
{
    public const string Name = "on NATS";
}
