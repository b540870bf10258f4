using DeepSeek.Federated.Coordinator.Commands;

return await CommandLine.Run(args);
