"""Where places lie: boundaries derived from postcodes, not-spots, the nearest covered postcode."""
