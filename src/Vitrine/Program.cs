return await Vitrine.Commands.CommandLine.RunAsync(args);
