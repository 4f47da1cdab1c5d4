namespace BlazorChat.Tests.Demo;

/// <summary>A demo. Its settings name other systems, which do not exist.</summary>
public sealed class DemoSite : IAsyncLifetime
{
    public HostedNode Node { get; private set; } = default!;

    public async ValueTask InitializeAsync() => Node = await HostedNode.StartAsync(
        Support.Nodes.Node.NewDataFolder(),
        "Demo:Run=true",
        "ConnectionStrings:Redis=redis.invalid:6379",
        "ConnectionStrings:SqlServer=Server=sql.invalid",
        "Mail:Host=smtp.invalid",
        "Mail:From=chat@demo.invalid",
        "LinkPreviews:Enabled=true",
        "Shell:PublicUrl=https://chat.invalid");

    public ValueTask DisposeAsync() => Node.DisposeAsync();

    /// <summary>Enters by a button of the sign-in page.</summary>
    public async Task<FormClient> EnterAsync(string key)
    {
        var visitor = new FormClient(Node.Address);
        using var answer = await visitor.SubmitAsync("account/login", null, ("person", key));
        return visitor;
    }
}
