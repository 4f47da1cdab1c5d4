using System.Net;
using Microsoft.Data.Sqlite;

namespace BlazorChat.Tests.Accounts.Registration;

public sealed class FirstRunTests
{
    [Fact]
    public async Task Every_page_and_nothing_else_redirects_to_the_setup()
    {
        await using var node = await HostedNode.StartAsync();
        using var anonymous = new FormClient(node.Address);

        foreach (var page in new[] { "", "rooms/1", "account/login", "account/register", "join/x" })
        {
            using var response = await anonymous.GetAsync(page);
            Assert.Equal("/setup", response.Headers.Location?.OriginalString);
        }

        foreach (var other in new[] { "health/live", "health/ready", "css/theme.css", "setup" })
        {
            using var response = await anonymous.GetAsync(other);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task Twenty_concurrent_setups_on_two_nodes_create_one_admin_and_one_room()
    {
        var data = Node.NewDataFolder();
        await using var one = await HostedNode.StartAsync(data);
        await using var two = await HostedNode.StartAsync(data);
        var clients = Enumerable.Range(0, 20).Select(i => new FormClient((i % 2 == 0 ? one : two).Address)).ToArray();

        var forms = await Task.WhenAll(clients.Select((client, i) => client.FillInAsync(
            "setup",
            "new-account",
            ("Account.Name", $"Admin {i}"), ("Account.Email", $"admin{i}@example.org"), ("Account.Password", FormClient.Password))));

        var responses = await Task.WhenAll(forms.Select(send => send()));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Redirect);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Redirect))
            Assert.Contains("is set up already", (await FormClient.ReadAsync(refused)).Body!.TextContent, StringComparison.Ordinal);
        await using var database = new SqliteConnection($"Data Source={Path.Combine(data, "blazorchat.db")};Mode=ReadOnly");
        await database.OpenAsync();
        foreach (var table in new[] { "AspNetUsers", "AspNetUserRoles", "Rooms", "Memberships", "Invitations" })
        {
            await using var count = database.CreateCommand();
            count.CommandText = $"SELECT COUNT(*) FROM {table}";
            Assert.Equal(1L, await count.ExecuteScalarAsync());
        }
    }

    [Fact]
    public async Task A_bad_address_or_password_is_explained_and_no_input_is_lost()
    {
        await using var node = await HostedNode.StartAsync();
        using var anonymous = new FormClient(node.Address);

        using var response = await anonymous.SubmitAsync(
            "setup", "new-account", ("Account.Name", "Ada"), ("Account.Email", "no address"), ("Account.Password", "short"));

        var page = await FormClient.ReadAsync(response);
        Assert.Contains("This is not an email address.", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("A password has 8 to 256 characters.", page.Body.TextContent, StringComparison.Ordinal);
        Assert.Equal("Ada", page.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("no address", page.QuerySelector("#email")!.GetAttribute("value"));
    }
}
