namespace Vitrine.Workspaces;

/// <summary>For whom a request speaks.</summary>
/// <param name="Environment">The environment.</param>
/// <param name="Secret">The secret key that it was sent with; null: a client key.</param>
/// <param name="Client">The client key that it was sent with; null: a secret one.</param>
public readonly record struct Caller(WorkspaceEnvironment Environment, ApiKey? Secret, ClientKey? Client);
