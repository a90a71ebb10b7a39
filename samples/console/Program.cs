using Vitrine.Client;

// Fetches an experience for a customer, shows it, and reports that it was shown, and clicked where the customer says so:
//   VITRINE_API_KEY=… dotnet run --project samples/console -- http://127.0.0.1:8080 SHOP homepage-banner ada@example.com
if (args is not [var host, var workspace, var key, var customer] || Environment.GetEnvironmentVariable("VITRINE_API_KEY") is not { Length: > 0 } secret)
{
    Console.Error.WriteLine("usage: VITRINE_API_KEY=… vitrine-sample <host> <workspace> <experience key> <customer id>");
    return 2;
}

await using var vitrine = new VitrineClient(new VitrineOptions
{
    Host = new Uri(host),
    Workspace = workspace,
    Key = secret,
});
try
{
    var result = await vitrine.FetchAsync([key], customerId: customer);
    if (result[key] is not { } experience)
    {
        Console.WriteLine($"{customer} does not get {key}: {(result.Failures.TryGetValue(key, out var reason) ? reason : "the server does not say why")}.");
        return 0;
    }

    foreach (var name in experience.Payload.Names)
    {
        Console.WriteLine($"{name}: {experience.Payload.GetJson(name)}");
    }

    vitrine.Shown(experience.Context, customer);
    Console.WriteLine("Click? (y/n)");
    if (Console.ReadLine() == "y")
    {
        vitrine.Clicked(experience.Context, new Dictionary<string, object?> { ["button_id"] = "console" }, customer);
    }
}
catch (VitrineException fault)
{
    Console.Error.WriteLine($"{fault.Code} ({fault.Status}): {fault.Message}");
    return 1;
}

Console.WriteLine(await vitrine.FlushAsync() ? "All is reported." : $"{vitrine.Queued} events wait for the next start.");
return 0;
