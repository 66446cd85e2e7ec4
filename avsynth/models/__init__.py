"""The joint model: phone encoder, variance predictors, length regulator, mel decoder, lip decoder, discriminator."""
