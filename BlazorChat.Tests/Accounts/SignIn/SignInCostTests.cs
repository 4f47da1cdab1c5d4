using BlazorChat.Accounts;
using BlazorChat.Accounts.Passwords;
using BlazorChat.Accounts.SignIn;
using BlazorChat.Channels;
using BlazorChat.Data;
using BlazorChat.Data.Entities.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorChat.Tests.Accounts.SignIn;

/// <summary>Hashing takes nearly all the time of an answer, so the hashes are counted: answers of equal cost cannot be distinguished by time.</summary>
[Trait("Speed", "Slow")]
public sealed class SignInCostTests
{
    [Fact]
    public async Task A6_Each_sign_in_costs_one_hash_whatever_the_account()
    {
        var builder = WebApplication.CreateBuilder([$"--Data:Folder={Node.NewDataFolder()}"]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.AddChannels();
        builder.AddAccounts();
        var hasher = new CountingHasher();
        builder.Services.AddSingleton<IPasswordHasher<ChatUser>>(hasher);
        await using var app = builder.Build();
        Assert.True(await app.TryMigrateDatabaseAsync());
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<ChatUser>>();
        var signIn = (ChatSignInManager)scope.ServiceProvider.GetRequiredService<SignInManager<ChatUser>>();
        foreach (var name in new[] { "fine", "locked", "banned", "bot" })
        {
            var user = new ChatUser
            {
                UserName = $"{name}@example.org",
                Email = $"{name}@example.org",
                DisplayName = name,
                IsBot = name == "bot",
                BannedAt = name == "banned" ? DateTime.UnixEpoch : null,
            };
            var created = name == "bot" ? await users.CreateAsync(user) : await users.CreateAsync(user, FormClient.Password);
            Assert.True(created.Succeeded);
        }

        for (var i = 0; i < 5; i++)
            await signIn.CheckPasswordAsync("locked@example.org", "wrong password");

        Assert.Equal((SignInResult.Success, 1), await CheckAsync("fine", FormClient.Password));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("fine", "wrong password"));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("unknown", "wrong password"));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("locked", "wrong password"));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("locked", FormClient.Password));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("banned", "wrong password"));
        Assert.Equal((SignInResult.NotAllowed, 1), await CheckAsync("banned", FormClient.Password));
        Assert.Equal((SignInResult.Failed, 1), await CheckAsync("bot", "wrong password"));

        async Task<(SignInResult Result, int Hashes)> CheckAsync(string name, string password)
        {
            hasher.Count = 0;
            var (result, _) = await signIn.CheckPasswordAsync($"{name}@example.org", password);
            return (result, hasher.Count);
        }
    }

    private sealed class CountingHasher : IPasswordHasher<ChatUser>
    {
        private readonly ComposedPasswordHasher _inner = new(Options.Create(new PasswordHasherOptions()));

        public int Count { get; set; }

        public string HashPassword(ChatUser user, string password)
        {
            Count++;
            return _inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(ChatUser user, string hashedPassword, string providedPassword)
        {
            Count++;
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
