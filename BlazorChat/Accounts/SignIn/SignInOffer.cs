namespace BlazorChat.Accounts.SignIn;

/// <summary>Another way to sign in, which the sign-in page shows first.</summary>
/// <param name="Component">Without parameters.</param>
internal sealed record SignInOffer(Type Component);
