namespace Vitrine.EndToEnd.Support;

/// <summary>The tests of the command line and of what it keeps, one at a time, beside the others.</summary>
[CollectionDefinition(Name)]
public sealed class WhatIsKept : ICollectionFixture<SharedServer>
{
    public const string Name = "What is kept";
}
